import { MessageSquare, Play } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Table, Td, Th } from "@/components/ui/table";
import { TimeAgo } from "@/components/ui/time-ago";
import { formatLoss } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import type { RunRecord, SavedCheckpoint } from "@/lib/training/types";

const WIDE = "hidden sm:table-cell";
const NONE = "–";

interface RunCheckpointsProps {
  record: RunRecord;
  /** False for rows that were never in this browser. */
  hasDataset: boolean;
}

/** Newest first: the one to use is at hand. */
export function RunCheckpoints({ record, hasDataset }: RunCheckpointsProps) {
  const t = useTranslations("run.checkpoints");
  if (record.checkpoints.length === 0) {
    const { saveEvery } = record.config;
    const when =
      saveEvery.unit === "epoch"
        ? t("atEpochEnd", { step: record.plan.stepsPerEpoch })
        : t("atStep", { step: saveEvery.steps });
    return <p className="py-6 text-center text-muted">{t("empty", { when })}</p>;
  }
  return (
    <Card className="overflow-hidden">
      <Table>
        <thead>
          <tr>
            <Th scope="col">{t("name")}</Th>
            <Th scope="col" className={`${WIDE} text-right`}>
              {t("step")}
            </Th>
            <Th scope="col" className={`${WIDE} text-right`}>
              {t("loss")}
            </Th>
            <Th scope="col" className="text-right">
              {t("validation")}
            </Th>
            <Th scope="col" className={WIDE}>
              {t("saved")}
            </Th>
            <Th scope="col">
              <span className="sr-only">{t("actions")}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {record.checkpoints.toReversed().map((checkpoint) => (
            <CheckpointRow
              key={checkpoint.path}
              checkpoint={checkpoint}
              baseModel={record.config.baseModel}
              datasetId={hasDataset ? record.config.datasetId : undefined}
            />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

interface CheckpointRowProps {
  checkpoint: SavedCheckpoint;
  baseModel: string;
  datasetId: string | undefined;
}

function CheckpointRow({ checkpoint, baseModel, datasetId }: CheckpointRowProps) {
  const t = useTranslations("run.checkpoints");
  const format = useFormatter();
  const { name, path, nextStep, loss, validationLoss, savedAt } = checkpoint;
  return (
    <tr className="hover:bg-hover">
      <Td className="max-w-52 truncate font-mono text-mono" title={path}>
        {name}
      </Td>
      <Td className={`${WIDE} text-right num`}>{format.number(nextStep)}</Td>
      <Td className={`${WIDE} text-right num`}>{loss === null ? NONE : formatLoss(loss)}</Td>
      <Td className="text-right num">
        {validationLoss === null ? NONE : formatLoss(validationLoss)}
      </Td>
      <Td className={`${WIDE} text-muted`}>
        <TimeAgo at={savedAt} />
      </Td>
      <Td className="text-right">
        <span className="inline-flex items-center gap-1">
          <ButtonLink
            size="small"
            href={paths.playground({ path, model: baseModel })}
            aria-label={t("chatWith", { name })}
          >
            <MessageSquare />
            <span className="hidden sm:inline">{t("chat")}</span>
          </ButtonLink>
          <ButtonLink
            size="small"
            look="ghost"
            href={paths.newRun({ dataset: datasetId, from: path })}
            aria-label={t("continueFrom", { name })}
          >
            <Play />
            <span className="hidden min-[800px]:inline">{t("continue")}</span>
          </ButtonLink>
          <CopyButton text={path} label={t("copy", { name })} copiedLabel={t("copied")} />
        </span>
      </Td>
    </tr>
  );
}
