"use client";

import { useMutation } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { DatasetRefusal } from "@/components/problems/dataset-refusal";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Tag } from "@/components/ui/tag";
import { isAbort } from "@/lib/base/errors";
import { formatBytes } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import type { Progress } from "@/lib/workers/hosts";
import { StartCard } from "./start-card";

export function DropCard() {
  const t = useTranslations("home");
  const router = useRouter();
  const picker = useRef<HTMLInputElement>(null);
  const cancel = useRef<AbortController | null>(null);
  const [isOver, setIsOver] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const read = useMutation({
    mutationFn: async (file: File) => {
      cancel.current = new AbortController();
      const { datasetHost } = await import("@/lib/workers/dataset-client");
      return datasetHost().importFile(file, {
        name: file.name,
        source: "file",
        onProgress: setProgress,
        signal: cancel.current.signal,
      });
    },
    onSuccess: (dataset) => router.push(paths.dataset(dataset.id)),
    onSettled: () => setProgress(null),
  });
  return (
    <div
      className="flex [&>section]:flex-1"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        const file = event.dataTransfer.files[0];
        if (file) read.mutate(file);
      }}
    >
      <StartCard
        title={t("drop.title")}
        about={t("drop.about")}
        className={cn(
          "border-dashed",
          isOver ? "border-accent bg-accent-soft" : "border-line-strong",
        )}
        foot={
          read.isPending ? (
            <>
              <Button onClick={() => cancel.current?.abort()}>{t("drop.cancel")}</Button>
              <span className="ml-auto text-faint num" role="status">
                {progress
                  ? t("drop.progress", {
                      rows: progress.rows,
                      size: formatBytes(progress.doneBytes),
                    })
                  : ""}
              </span>
            </>
          ) : (
            <>
              <Button onClick={() => picker.current?.click()}>
                <Upload />
                {t("drop.choose")}
              </Button>
              <Tag className="ml-auto">JSONL, JSON, CSV</Tag>
            </>
          )
        }
      >
        <input
          ref={picker}
          type="file"
          accept=".jsonl,.json,.ndjson,.csv"
          className="sr-only"
          tabIndex={-1}
          aria-label={t("drop.choose")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) read.mutate(file);
          }}
        />
        {read.isError && !isAbort(read.error) && (
          <DatasetRefusal title={t("drop.refused")} error={read.error} />
        )}
      </StartCard>
    </div>
  );
}
