"use client";

import { CloudDownload, FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { DatasetRefusal } from "@/components/problems/dataset-refusal";
import { HubDialog } from "./hub-dialog";
import { ImportProgress } from "./import-progress";
import { useImport } from "./use-import";
import { usePageDrop } from "./use-page-drop";
import { cn } from "@/components/ui/cn";

/** Where a file comes in: dropped anywhere on the page, or chosen. */
export function ImportCard() {
  const t = useTranslations("datasets");
  const { state, hasIgnoredFiles, take, cancel } = useImport();
  const isOver = usePageDrop(take);
  const input = useRef<HTMLInputElement>(null);
  const [isHubOpen, setIsHubOpen] = useState(false);
  return (
    <div className="mb-4 flex flex-col gap-3">
      <section
        aria-label={t("dropTitle")}
        className={cn(
          "min-h-[92px] rounded-card border border-dashed p-4",
          isOver ? "border-accent bg-accent-soft" : "border-line-strong bg-surface",
        )}
      >
        {state.step === "importing" ? (
          <ImportProgress name={state.name} progress={state.progress} onCancel={cancel} />
        ) : (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
            <FileUp aria-hidden className="size-6 shrink-0 stroke-[1.5] text-faint" />
            <div className="min-w-0 flex-1 basis-64">
              <h2>{isOver ? t("dropAnywhere") : t("dropTitle")}</h2>
              <p className="max-w-[78ch] text-muted">{t("dropHelp")}</p>
            </div>
            <div className="flex gap-2">
              <Button onClick={() => setIsHubOpen(true)}>
                <CloudDownload />
                {t("hub.open")}
              </Button>
              <Button look="primary" onClick={() => input.current?.click()}>
                {t("choose")}
              </Button>
            </div>
            <input
              ref={input}
              type="file"
              accept=".jsonl,.json,.ndjson,.csv"
              aria-label={t("fileInput")}
              className="sr-only"
              tabIndex={-1}
              onChange={(event) => {
                take([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </div>
        )}
      </section>
      {state.step === "wrong_type" && (
        <Note tone="bad">{t("wrongType", { name: state.name })}</Note>
      )}
      {state.step === "cancelled" && <Note>{t("importCancelled", { name: state.name })}</Note>}
      {state.step === "failed" && (
        <DatasetRefusal title={t("refused.title", { name: state.name })} error={state.error} />
      )}
      {isHubOpen && <HubDialog onClose={() => setIsHubOpen(false)} />}
      {hasIgnoredFiles && <Note>{t("oneFile")}</Note>}
    </div>
  );
}
