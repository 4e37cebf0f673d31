"use client";

import { useTranslations } from "next-intl";
import { Tag } from "@/components/ui/tag";
import type { LocalModels } from "@/lib/protocol/local-models";
import { ModelDownloadRow } from "./model-download";

/** What the local server does not serve: models to get, one that is coming, and folders that it cannot read. */
export function LocalModelRows({ models }: { models: LocalModels }) {
  const t = useTranslations("home.models");
  const { download, refused, suggested } = models;
  const offered = [...new Set([...suggested, ...(download ? [download.model] : [])])];
  return (
    <>
      {offered.map((model) => (
        <ModelDownloadRow
          key={model}
          model={model}
          download={download?.model === model ? download : null}
        />
      ))}
      {refused.map(({ name, reason }) => (
        <li key={name} className="flex min-h-[52px] items-center gap-3">
          <Tag tone="warn" className="w-16 justify-center">
            {t("refused")}
          </Tag>
          <div className="min-w-0 flex-1">
            <b className="block truncate font-[550]">{name}</b>
            <span className="block text-small [overflow-wrap:anywhere] text-faint">{reason}</span>
          </div>
        </li>
      ))}
    </>
  );
}
