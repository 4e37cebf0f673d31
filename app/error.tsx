"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
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
        <div className="flex gap-2">
          <Button look="primary" onClick={reset}>
            {t("common.retry")}
          </Button>
          <CopyButton
            text={details}
            size="normal"
            withText
            label={t("common.copyDetails")}
            copiedLabel={t("common.copied")}
          />
        </div>
      </EmptyState>
    </Page>
  );
}
