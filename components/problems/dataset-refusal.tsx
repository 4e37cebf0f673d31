import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { StudioError } from "@/lib/base/errors";
import type { ProblemCode } from "@/lib/dataset/types";
import { ProblemText } from "./problem-text";

const CAUSES = ["empty_file", "one_object", "table_not_utf8", "no_usable_rows"] as const;

export interface DatasetRefusalProps {
  /** What could not be done. */
  title: string;
  error: unknown;
  actions?: ReactNode;
}

/** Why nothing of a dataset could be used; any other failure as it is. */
export function DatasetRefusal({ title, error, actions }: DatasetRefusalProps) {
  const t = useTranslations("datasets.refused");
  const details = error instanceof StudioError ? error.details : undefined;
  const cause = CAUSES.find((known) => known === details?.["cause"]);
  if (!details || !cause) return <ErrorNote error={error} actions={actions} />;
  return (
    <Note tone="bad" actions={actions}>
      <p className="font-[550]">{title}</p>
      <p>{t(cause, { line: Number(details["line"] ?? 1) })}</p>
      {cause === "no_usable_rows" && (
        <ProblemText problem={{ code: details["problem"] as ProblemCode, params: details }} />
      )}
    </Note>
  );
}
