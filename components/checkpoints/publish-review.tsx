import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/page";
import { formatBytes } from "@/lib/base/format";
import type { HubModel } from "@/lib/config/studio-api";
import type { CheckpointItem } from "./checkpoint-item";
import type { PublishState } from "./use-publish";

const FILES = ["README.md", "adapter_config.json", "adapter_model.safetensors"] as const;

/** Where it goes, what is there already, what is uploaded, and who will see it. */
export function PublishReview({ item, publish }: { item: CheckpointItem; publish: PublishState }) {
  const t = useTranslations("publish");
  const { account, modelId, destination } = publish;
  return (
    <>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-2">
        <dt className="text-muted">{t("account")}</dt>
        <dd className="font-[550]">{account.data?.name}</dd>
        <dt className="text-muted">{t("destination")}</dt>
        <dd className="font-mono text-mono [overflow-wrap:anywhere]">{modelId}</dd>
        <dt className="text-muted">{t("files")}</dt>
        <dd>
          <ul>
            {FILES.map((name) => (
              <li key={name} className="flex flex-wrap gap-x-2">
                <span className="font-mono text-mono">{name}</span>
                <span className="text-small leading-5 text-faint">
                  {name === "adapter_model.safetensors" && item.sizeBytes
                    ? t("fileAbout.weightsSize", { size: formatBytes(item.sizeBytes) })
                    : t(`fileAbout.${ABOUT[name]}`)}
                </span>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      {destination.isPending ? (
        <Skeleton className="h-5 w-1/2" />
      ) : destination.isError ? (
        <ErrorNote error={destination.error} />
      ) : (
        <Existing model={destination.data} />
      )}
      <Note>
        <p className="font-[550]">{t("private")}</p>
        <p className="text-muted">{t("privateHelp")}</p>
      </Note>
      <Button
        look="primary"
        className="self-end"
        disabled={modelId === null || destination.isPending}
        onClick={() => modelId !== null && void publish.publish(modelId)}
      >
        {t("start")}
      </Button>
    </>
  );
}

const ABOUT = {
  "README.md": "card",
  "adapter_config.json": "config",
  "adapter_model.safetensors": "weights",
} as const;

function Existing({ model }: { model: HubModel }) {
  const t = useTranslations("publish");
  if (!model.exists) return <p className="text-muted">{t("free")}</p>;
  return (
    <Note tone="warn">
      <p className="font-[550]">{t(model.isPrivate ? "exists" : "existsPublic")}</p>
      <ul className="mt-1 text-muted">
        {model.files.map(({ path, sizeBytes }) => (
          <li key={path} className="flex gap-2">
            <span className="min-w-0 truncate font-mono text-mono">{path}</span>
            <span className="num">{formatBytes(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </Note>
  );
}
