import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { toErrorReport } from "@/lib/base/errors";
import { DatasetRefusal } from "./dataset-refusal";
import { isTokenizerProblem, TokenizerProblem } from "./tokenizer-problem";

/** Why a dataset could not be tokenized for a model, and what to do about it. */
export function TokensRefused({
  model,
  error,
  onRetry,
}: {
  model: string;
  error: unknown;
  onRetry: () => void;
}) {
  const t = useTranslations();
  const problem = toErrorReport(error);
  if (isTokenizerProblem(problem)) {
    return (
      <TokenizerProblem model={model} problem={problem} onRetry={onRetry}>
        {problem.code === "template_invalid" && t("modelFiles.plainRows")}
      </TokenizerProblem>
    );
  }
  return (
    <DatasetRefusal
      title={t("datasets.refused.tokens", { model })}
      error={error}
      actions={
        <Button size="small" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      }
    />
  );
}
