import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/field";
import type { ExchangeProps } from "./exchange-view";
import { SiblingNav } from "./sibling-nav";

/** What the reader wrote; editing makes another wording beside it. */
export function QuestionView({ desk, panel, exchange }: ExchangeProps) {
  const t = useTranslations("playground");
  const { question, questions } = exchange;
  const [draft, setDraft] = useState<string | null>(null);
  if (draft !== null) {
    const isEmpty = draft.trim() === "";
    return (
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (isEmpty) return;
          desk.edit(panel, question, draft);
          setDraft(null);
        }}
      >
        <Textarea
          aria-label={t("editQuestion")}
          className="field-sizing-content text-form"
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button size="small" onClick={() => setDraft(null)}>
            {t("cancel")}
          </Button>
          <Button size="small" look="primary" type="submit" disabled={isEmpty || desk.isAnswering}>
            {t("ask")}
          </Button>
        </div>
      </form>
    );
  }
  return (
    <div className="group flex items-center justify-end gap-1.5">
      <span className="flex shrink-0 items-center text-small">
        <span className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-[899px]:opacity-100">
          <Button
            look="ghost"
            size="small"
            square
            aria-label={t("deleteQuestion")}
            title={t("deleteQuestion")}
            onClick={() => desk.remove(panel, question)}
          >
            <Trash2 />
          </Button>
          <Button
            look="ghost"
            size="small"
            square
            aria-label={t("editQuestion")}
            title={t("editQuestion")}
            onClick={() => setDraft(question.text)}
          >
            <Pencil />
          </Button>
        </span>
        <SiblingNav
          turns={questions}
          shown={question}
          onChoose={(turn) => desk.choose(panel, turn)}
        />
      </span>
      <div className="max-w-[86%] rounded-[12px] rounded-br-[4px] bg-hover px-[13px] py-2 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {question.text}
      </div>
    </div>
  );
}
