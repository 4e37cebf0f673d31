import { useTranslations } from "next-intl";
import { useId } from "react";
import { Textarea } from "@/components/ui/field";
import type { Desk } from "./use-desk";

export function SystemPrompt({ desk }: { desk: Desk }) {
  const t = useTranslations("playground");
  const id = useId();
  return (
    <div>
      <h2>
        <label htmlFor={id}>{t("system")}</label>
      </h2>
      <Textarea
        id={id}
        rows={3}
        placeholder={t("systemNone")}
        value={desk.state.settings.system}
        onChange={(event) => desk.changeSettings({ system: event.target.value })}
      />
    </div>
  );
}
