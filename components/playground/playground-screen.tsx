"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Page, Skeleton } from "@/components/ui/page";
import { Toaster } from "@/components/ui/toaster";
import { DeskView } from "./desk-view";
import { useOpening } from "./use-opening";

export function PlaygroundScreen() {
  const t = useTranslations("playground");
  const { opening, isPending, error, retry, open, startNew } = useOpening();
  if (opening) {
    return (
      <>
        <DeskView key={opening.id} {...opening} onOpen={open} onNew={startNew} />
        <Toaster />
      </>
    );
  }
  return (
    <Page>
      <h1 className="mb-5">{t("title")}</h1>
      {isPending ? (
        <Skeleton className="h-64" />
      ) : (
        <ErrorNote
          error={error ?? { code: "not_found", message: t("noModels"), retryable: true }}
          actions={<Button onClick={retry}>{t("retry")}</Button>}
        />
      )}
    </Page>
  );
}
