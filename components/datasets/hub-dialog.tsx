"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { HubProgress } from "./hub-progress";
import { HubRefusal } from "./hub-refusal";
import { HubSourceFields } from "./hub-source-fields";
import { PlaceholderFields } from "./placeholder-fields";
import { useHubImport } from "./use-hub-import";

/** Makes a dataset of the first rows of one on a hub. */
export function HubDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const form = useHubImport();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("datasets.hub.title")}
      description={t("datasets.hub.help")}
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        <HubSourceFields form={form} />
        {form.slice && <PlaceholderFields form={form} slice={form.slice} />}
        {form.isBusy ? <HubProgress form={form} /> : <HubRefusal form={form} />}
        <div className="flex justify-end gap-2">
          {form.isBusy ? (
            <Button onClick={form.stop}>{t("datasets.hub.stop")}</Button>
          ) : (
            <>
              <Button onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" look="primary">
                {t(form.slice ? "datasets.hub.import" : "datasets.hub.read")}
              </Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}
