import { useFormatter, useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import { useServerName } from "@/components/ui/use-server-name";
import { formatCount, formatLearningRate } from "@/lib/base/format";
import type { RunRecord } from "@/lib/training/types";

export function SettingsList({ record }: { record: RunRecord }) {
  const t = useTranslations("run.settingsDialog");
  const schedule = useTranslations("run.schedule");
  const format = useFormatter();
  const nameOf = useServerName();
  const { config, plan } = record;
  const { startFrom, saveEvery } = config;
  const facts: [name: string, value: ReactNode][] = [
    [t("baseModel"), config.baseModel],
    [t("startFrom"), startFrom ? <StartFrom key="from" startFrom={startFrom} /> : t("fromBase")],
    [t("dataset"), config.datasetName],
    [t("rows"), t("rowsValue", { train: plan.trainRowCount, validation: plan.validationRowCount })],
    [t("dropped"), t("droppedValue", { dropped: plan.droppedRows, cut: plan.cutRows })],
    [t("loraRank"), format.number(config.loraRank)],
    [t("epochs"), format.number(config.epochs)],
    [t("steps"), t("stepsValue", { total: plan.totalSteps, perEpoch: plan.stepsPerEpoch })],
    [
      t("tokens"),
      t("tokensValue", {
        all: formatCount(plan.totalTokens),
        trained: formatCount(plan.totalTrainedTokens),
      }),
    ],
    [t("batchSize"), format.number(config.batchSize)],
    [
      t("learningRate"),
      t("rateValue", {
        rate: formatLearningRate(config.learningRate),
        schedule: schedule(config.schedule),
      }),
    ],
    [t("warmup"), t("warmupValue", { steps: config.warmupSteps })],
    [t("maxLength"), t("maxLengthValue", { tokens: config.maxLength, what: config.overLength })],
    [t("validationShare"), format.number(config.validationShare, { style: "percent" })],
    [t("saveEvery"), saveEvery.unit === "epoch" ? t("everyEpoch") : t("everySteps", saveEvery)],
    [t("weightDecay"), config.weightDecay],
    [t("gradClipNorm"), t("clipValue", { norm: String(config.gradClipNorm) })],
    [t("seed"), config.seed],
    [t("submitAhead"), config.submitAhead],
    [t("created"), format.dateTime(record.createdAt, { dateStyle: "medium", timeStyle: "medium" })],
    [t("server"), nameOf(record.serverId)],
    [t("serverRun"), record.serverRunId ?? "–"],
  ];
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="[overflow-wrap:anywhere] num">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function StartFrom({ startFrom }: { startFrom: { path: string; optimizer: boolean } }) {
  const t = useTranslations("run.settingsDialog");
  return (
    <>
      <span className="font-mono text-mono">{startFrom.path}</span>,{" "}
      {t(startFrom.optimizer ? "withOptimizer" : "withoutOptimizer")}
    </>
  );
}
