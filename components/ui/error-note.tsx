"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { toErrorReport } from "@/lib/base/errors";
import { CopyButton } from "./copy-button";
import { Note } from "./note";

export interface ErrorNoteProps {
  /** Anything thrown, or an ErrorReport that was kept. */
  error: unknown;
  actions?: ReactNode;
  className?: string;
}

/** An error as a sentence, with the raw words behind "Details". */
export function ErrorNote({ error, actions, className }: ErrorNoteProps) {
  const t = useTranslations();
  const report = isReport(error) ? error : toErrorReport(error);
  const hint = report.details?.["hint"];
  return (
    <Note tone="bad" actions={actions} {...(className ? { className } : {})}>
      <p className="font-[550]">{t(`errors.${report.code}`)}</p>
      {hint && <p>{hint}</p>}
      {report.message && (
        <details className="mt-0.5 text-small text-muted">
          <summary className="w-fit cursor-pointer">{t("common.details")}</summary>
          <div className="mt-1 flex items-start gap-1">
            <p className="max-h-40 min-w-0 flex-1 overflow-auto font-mono whitespace-pre-wrap">
              {report.message}
            </p>
            <CopyButton
              text={report.message}
              label={t("common.copy")}
              copiedLabel={t("common.copied")}
            />
          </div>
        </details>
      )}
    </Note>
  );
}

function isReport(error: unknown): error is ReturnType<typeof toErrorReport> {
  return (
    typeof error === "object" &&
    error !== null &&
    !(error instanceof Error) &&
    "code" in error &&
    "message" in error
  );
}
