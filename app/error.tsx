"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, Page, PageHead } from "@/components/ui/page";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations();
  const details = [error.message, error.digest].filter(Boolean).join("\n");
  return (
    <Page>
      <PageHead title={t("errors.pageTitle")} />
      <EmptyState title={t("errors.pageHelp")}>
        <Button look="primary" onClick={reset}>
          {t("common.retry")}
        </Button>
        <details className="w-full text-small">
          <summary className="cursor-pointer">{t("common.details")}</summary>
          <pre className="mt-1 max-h-40 overflow-auto text-left whitespace-pre-wrap">{details}</pre>
        </details>
      </EmptyState>
    </Page>
  );
}
