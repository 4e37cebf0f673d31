import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { GivenFiles } from "@/components/problems/given-files";
import { isTokenizerProblem, TokenizerProblem } from "@/components/problems/tokenizer-problem";
import { toErrorReport } from "@/lib/base/errors";
import { tokenizerQuery } from "@/lib/query/tokenizer";
import type { PlaygroundMode } from "@/lib/storage/conversation";

/** Loads the model's tokenizer before the first answer needs it, and says what that answer will have to do without. */
export function TokenizerNote({ model, mode }: { model: string; mode: PlaygroundMode }) {
  const t = useTranslations("playground");
  const { data, error, refetch } = useQuery(tokenizerQuery(model));
  const problem = error ? toErrorReport(error) : mode === "chat" ? data?.templateProblem : null;
  return (
    <>
      {problem && isTokenizerProblem(problem) && (
        <TokenizerProblem
          model={model}
          problem={problem}
          tone="warn"
          onRetry={() => void refetch()}
        >
          {mode === "chat" && t(error ? "withoutTokenizer" : "withoutTemplate")}
        </TokenizerProblem>
      )}
      <GivenFiles model={model} />
    </>
  );
}
