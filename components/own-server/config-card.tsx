import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonClasses } from "@/components/ui/button-look";
import { Card, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import type { ServerSetup } from "@/lib/server-config/types";

const FILE = "server_config.yaml";

/** The configuration file: to read, to copy, to keep. */
export function ConfigCard({ setup }: { setup: ServerSetup }) {
  const t = useTranslations("ownServer");
  const common = useTranslations("common");
  const { config, trainingGpus, idleGpus, samplerGpus, smallestBatch } = setup;
  return (
    <Card aria-label={FILE}>
      <CardHead>
        <h2 className="min-w-0 flex-1 truncate font-mono text-mono">{FILE}</h2>
        <CopyButton text={config} label={common("copy")} copiedLabel={common("copied")} withText />
        <a
          className={buttonClasses({ size: "small" })}
          download={FILE}
          href={`data:application/yaml;charset=utf-8,${encodeURIComponent(config)}`}
        >
          <Download />
          {t("download")}
        </a>
      </CardHead>
      <p className="border-b border-line px-3.5 py-2.5 text-muted" role="status">
        {trainingGpus > 0
          ? t("gpus", {
              ...{ training: trainingGpus, sampler: samplerGpus, idle: idleGpus },
              samples: smallestBatch,
            })
          : t("noGpus")}
      </p>
      <pre
        className="max-h-[420px] overflow-auto px-3.5 py-3 font-mono text-mono"
        tabIndex={0}
        aria-label={t("contents")}
      >
        {config}
      </pre>
    </Card>
  );
}
