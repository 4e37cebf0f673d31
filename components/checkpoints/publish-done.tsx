import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { CopyButton } from "@/components/ui/copy-button";
import { Note } from "@/components/ui/note";
import { formatBytes } from "@/lib/base/format";
import { hubModelQuery } from "@/lib/query/hub";
import type { PublishJob } from "@/lib/stores/publish-jobs";

/** What the hub shows now, and how to get at it. */
export function PublishDone({
  job: { modelId, cardError },
  onClose,
}: {
  job: PublishJob;
  onClose: () => void;
}) {
  const t = useTranslations("publish");
  const { data: model } = useQuery(hubModelQuery(modelId));
  const command = `modelscope download --model ${modelId} --token YOUR_TOKEN`;
  return (
    <>
      <Note tone="ok">
        <p className="font-[550]">{t(model?.isPrivate ? "donePrivate" : "done")}</p>
        <ul className="mt-1 text-muted">
          {model?.files.map(({ path, sizeBytes }) => (
            <li key={path} className="flex gap-2">
              <span className="min-w-0 truncate font-mono text-mono">{path}</span>
              <span className="num">{formatBytes(sizeBytes)}</span>
            </li>
          ))}
        </ul>
      </Note>
      {cardError && (
        <Note tone="warn">
          <p>{t("noCard")}</p>
          <p className="text-muted">{cardError.message}</p>
        </Note>
      )}
      <CopyLine label={t("id")} text={modelId} />
      <CopyLine label={t("download")} text={command} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("close")}</Button>
        {model && (
          <ButtonLink look="primary" href={model.url} target="_blank" rel="noreferrer">
            <ExternalLink />
            {t("open")}
          </ButtonLink>
        )}
      </div>
    </>
  );
}

function CopyLine({ label, text }: { label: string; text: string }) {
  const t = useTranslations("common");
  return (
    <div>
      <p className="text-small text-faint">{label}</p>
      <div className="flex items-start gap-1 rounded-control bg-sunken py-1.5 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 py-0.5 font-mono text-mono [overflow-wrap:anywhere]">
          {text}
        </code>
        <CopyButton text={text} label={`${t("copy")}: ${label}`} copiedLabel={t("copied")} />
      </div>
    </div>
  );
}
