import { useTranslations } from "next-intl";
import type { RowProblem } from "@/lib/dataset/types";

/** What is wrong with a row, and how to mend it. */
export function ProblemText({ problem }: { problem: Pick<RowProblem, "code" | "params"> }) {
  const t = useTranslations("problems");
  return (
    <>
      <p className="[overflow-wrap:anywhere]">{t(`${problem.code}.what`, problem.params)}</p>
      <p className="text-small [overflow-wrap:anywhere] text-muted">
        {t(`${problem.code}.fix`, problem.params)}
      </p>
    </>
  );
}
