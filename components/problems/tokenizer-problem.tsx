import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import type { ErrorReport } from "@/lib/base/errors";
import { ModelFilesDialog } from "./model-files-dialog";

const CAUSES = ["absent", "unreachable", "unusable", "template_fault", "no_chat_template"] as const;

export interface TokenizerProblemProps {
  model: string;
  problem: ErrorReport;
  onRetry: () => void;
  tone?: "warn" | "bad";
  /** What can be done all the same. */
  children?: ReactNode;
}

/** Whether {@link TokenizerProblem} has a sentence for it. */
export function isTokenizerProblem({ code }: ErrorReport): boolean {
  return code === "tokenizer_unavailable" || code === "template_invalid";
}

/** Why a model's tokenizer or chat template cannot be used, and the way to give its files by hand. */
export function TokenizerProblem({
  model,
  problem: { code, message, details },
  onRetry,
  tone = "bad",
  children,
}: TokenizerProblemProps) {
  const t = useTranslations();
  const [isAdding, setIsAdding] = useState(false);
  const cause = CAUSES.find((known) => known === details?.["cause"]);
  const [reason, line] = [String(details?.["reason"] ?? message), Number(details?.["line"] ?? 0)];
  return (
    <Note tone={tone}>
      <p className="font-[550]">
        {t(`modelFiles.problem.${code === "template_invalid" ? "template" : "tokenizer"}`, {
          model,
        })}
      </p>
      <p>{cause ? t(`modelFiles.cause.${cause}`, { reason, line }) : reason}</p>
      {children && <p className="text-small text-muted">{children}</p>}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="small" onClick={() => setIsAdding(true)}>
          {t("modelFiles.add")}
        </Button>
        <Button size="small" look="ghost" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      </div>
      {isAdding && <ModelFilesDialog model={model} onClose={() => setIsAdding(false)} />}
    </Note>
  );
}
