import { useFormatter, useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import { Tag } from "@/components/ui/tag";
import type { Sample } from "@/lib/dataset/types";
import type { RowView } from "@/lib/workers/hosts";

/** Line, question, answer, tokens, tags; the head of the list uses it too. */
export const ROW_GRID =
  "grid grid-cols-[44px_minmax(0,1fr)_minmax(0,1fr)_52px_70px] items-center gap-2 px-3 sm:grid-cols-[52px_minmax(0,1fr)_minmax(0,1fr)_60px_76px]";

const SHOWN_CHARACTERS = 160;

export interface RowLineProps {
  id: string;
  className: string;
  style: CSSProperties;
  position: number;
  count: number;
  /** Undefined while it is being read. */
  row: RowView | undefined;
  /** Undefined until the tokens are counted; 0 when the row was dropped then. */
  length: number | undefined;
  maxLength: number | null;
  isSelected: boolean;
  onSelect: () => void;
}

export function RowLine(props: RowLineProps) {
  const { row, length, maxLength, isSelected } = props;
  const t = useTranslations("datasets.rows");
  const format = useFormatter();
  const [asked, answered] = row ? sidesOf(row.sample) : ["", ""];
  return (
    // The list has the keys; a press is a shortcut to the same choice.
    <div
      id={props.id}
      role="option"
      aria-selected={isSelected}
      aria-posinset={props.position}
      aria-setsize={props.count}
      onClick={props.onSelect}
      style={props.style}
      className={cn(
        "absolute inset-x-0 cursor-pointer border-b border-line hover:bg-hover aria-selected:bg-accent-soft aria-selected:shadow-[inset_3px_0_0_var(--accent)]",
        props.className,
      )}
    >
      <span
        className={cn(
          "font-mono text-small",
          isSelected ? "font-semibold text-accent-text" : "text-faint",
        )}
      >
        {row?.line ?? "…"}
      </span>
      <span className="truncate">{asked}</span>
      <span className="truncate">{answered}</span>
      <span className="text-right num">{length ? format.number(length) : ""}</span>
      <span className="flex justify-end">
        {length === 0 && <Tag tone="bad">{t("problem")}</Tag>}
        {length !== undefined && maxLength !== null && length > maxLength && (
          <Tag tone="warn">{t("tooLong")}</Tag>
        )}
      </span>
    </div>
  );
}

/** What a row asks and what it answers, the beginnings of them. */
function sidesOf(sample: Sample): [string, string] {
  switch (sample.kind) {
    case "chat":
      return [textOf(sample, "user"), textOf(sample, "assistant")];
    case "completion":
      return [begin(sample.prompt), begin(sample.completion)];
    case "text":
      return [begin(sample.text), ""];
  }
}

function textOf(sample: Extract<Sample, { kind: "chat" }>, role: "user" | "assistant"): string {
  return begin(sample.messages.find((message) => message.role === role)?.content ?? "");
}

function begin(text: string): string {
  return text.slice(0, SHOWN_CHARACTERS);
}
