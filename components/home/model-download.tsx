"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { Progress } from "@/components/ui/progress";
import { Tag } from "@/components/ui/tag";
import { formatBytes } from "@/lib/base/format";
import type { ModelDownload } from "@/lib/protocol/local-models";
import { cancelDownloadMutation, startDownloadMutation } from "@/lib/query/local-models";

/** A model that the local server can get: one click, then its progress, or why it did not come. */
export function ModelDownloadRow({
  model,
  download,
}: {
  model: string;
  download: ModelDownload | null;
}) {
  const t = useTranslations("home.models");
  const client = useQueryClient();
  const start = useMutation(startDownloadMutation(client));
  const cancel = useMutation(cancelDownloadMutation(client));
  const name = model.split("/").at(-1) ?? model;
  const error = start.error ?? cancel.error;
  const isRunning = download !== null && download.failure === null;
  return (
    <li className="flex flex-col gap-2">
      <div className="flex min-h-[52px] items-center gap-3">
        <Tag className="w-16 justify-center">{t("llm")}</Tag>
        <div className="min-w-0 flex-1">
          <b className="block truncate font-[550]">{name}</b>
          <span className="block truncate text-small text-faint num" role="status">
            {isRunning ? <DownloadState download={download} /> : t("getAbout")}
          </span>
          {isRunning && (
            <Progress
              className="mt-1.5"
              label={t("downloading", { name })}
              value={download.totalBytes ? download.doneBytes / download.totalBytes : 0}
            />
          )}
        </div>
        {isRunning ? (
          <Button size="small" disabled={cancel.isPending} onClick={() => cancel.mutate(model)}>
            {t("cancel")}
          </Button>
        ) : (
          !download && (
            <Button
              size="small"
              aria-label={t("getLabel", { name })}
              disabled={start.isPending}
              onClick={() => start.mutate(model)}
            >
              <Download />
              {t("get")}
            </Button>
          )
        )}
      </div>
      {download?.failure && (
        <Note
          tone="bad"
          actions={
            <>
              <Button size="small" onClick={() => start.mutate(model)}>
                {t("retry")}
              </Button>
              <Button size="small" look="ghost" onClick={() => cancel.mutate(model)}>
                {t("dismiss")}
              </Button>
            </>
          }
        >
          {download.failure}
        </Note>
      )}
      {error && <ErrorNote error={error} />}
    </li>
  );
}

function DownloadState({ download }: { download: ModelDownload }) {
  const t = useTranslations("home.models");
  const { host, doneBytes, totalBytes } = download;
  if (totalBytes === null) return t("asking", { host });
  return t("progress", { done: formatBytes(doneBytes), total: formatBytes(totalBytes), host });
}
