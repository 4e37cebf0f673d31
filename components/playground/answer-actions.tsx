import { CodeXml, RotateCcw, Settings2, Trash2, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { AnswerTurn } from "@/lib/storage/conversation";
import type { ExchangeProps } from "./exchange-view";
import { ExactPrompt } from "./exact-prompt";
import { promptOf } from "./prompt-of";

interface AnswerActionsProps extends ExchangeProps {
  answer: AnswerTurn;
  hasFacts: boolean;
  onFacts: () => void;
}

/** Shown on hover and focus; always where there is no hover. */
export function AnswerActions({
  desk,
  thread,
  panel,
  exchange: { question },
  answer,
  hasFacts,
  onFacts,
}: AnswerActionsProps) {
  const t = useTranslations("playground");
  const [isPromptOpen, setIsPromptOpen] = useState(false);
  return (
    <div
      role="toolbar"
      aria-label={t("actions")}
      className="-ml-1.5 flex w-fit gap-px opacity-0 transition-opacity duration-150 group-focus-within:opacity-100 group-hover:opacity-100 max-[899px]:opacity-100"
    >
      <CopyButton text={answer.text} label={t("copyAnswer")} copiedLabel={t("copied")} />
      <Action
        name={t("retrySame")}
        icon={RotateCcw}
        disabled={desk.isAnswering}
        onClick={() => desk.askAgain(panel, question, answer)}
      />
      <Action name={t("exactPrompt")} icon={CodeXml} onClick={() => setIsPromptOpen(true)} />
      <Action name={t("facts")} icon={Settings2} onClick={onFacts} aria-expanded={hasFacts} />
      <Action name={t("deleteAnswer")} icon={Trash2} onClick={() => desk.remove(panel, answer)} />
      {isPromptOpen && (
        <ExactPrompt
          model={answer.model}
          prompt={promptOf(thread, question, answer.mode, answer.settings)}
          onClose={() => setIsPromptOpen(false)}
        />
      )}
    </div>
  );
}

function Action({
  name,
  icon: Icon,
  ...props
}: {
  name: string;
  icon: LucideIcon;
  onClick: () => void;
  disabled?: boolean;
  "aria-expanded"?: boolean;
}) {
  return (
    <Button look="ghost" size="small" square aria-label={name} title={name} {...props}>
      <Icon />
    </Button>
  );
}
