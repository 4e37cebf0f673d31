import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Input } from "@/components/ui/field";
import { Tag } from "@/components/ui/tag";

/** Strings that end an answer; `\n` is typed for a line end. */
export function StopField({
  stop,
  onChange,
}: {
  stop: string[];
  onChange: (stop: string[]) => void;
}) {
  const t = useTranslations("playground");
  const id = useId();
  const [typed, setTyped] = useState("");
  const add = () => {
    const text = typed.replaceAll("\\n", "\n");
    if (text !== "" && !stop.includes(text)) onChange([...stop, text]);
    setTyped("");
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-[550]">
        {t("stop")}
      </label>
      {stop.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {stop.map((text) => (
            <li key={text} className="min-w-0">
              <Tag className="max-w-full font-mono text-ink">
                <span className="truncate">{text.replaceAll("\n", "\\n")}</span>
                <button
                  type="button"
                  aria-label={t("removeStop", { text })}
                  className="text-faint hover:text-ink"
                  onClick={() => onChange(stop.filter((other) => other !== text))}
                >
                  <X />
                </button>
              </Tag>
            </li>
          ))}
        </ul>
      )}
      <Input
        id={id}
        className="font-mono text-mono"
        placeholder={t("stopAdd")}
        aria-describedby={`${id}-help`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          add();
        }}
      />
      <p id={`${id}-help`} className="text-small text-faint">
        {t("stopHelp")}
      </p>
    </div>
  );
}
