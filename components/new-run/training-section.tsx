import { useTranslations } from "next-intl";
import { Segments } from "@/components/ui/segments";
import { formatLearningRate } from "@/lib/base/format";
import type { RunForm } from "@/lib/stores/run-form";
import { NumberField } from "./draft-field";
import { LearningRateCurve } from "./learning-rate-curve";
import { SegmentsField } from "./segments-field";
import type { usePlan } from "./use-plan";

const SCHEDULES = ["constant", "linear", "cosine"] as const;

export interface PlannedSectionProps {
  form: RunForm;
  plan: ReturnType<typeof usePlan>;
}

/** How long, how much at a time, and how fast. */
export function TrainingSection({ form, plan: { plan, outlook } }: PlannedSectionProps) {
  const t = useTranslations("newRun");
  const outside = plan ? plan.droppedRows + plan.cutRows : 0;
  return (
    <section>
      <h2 className="mb-3 text-[15px]">{t("training")}</h2>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <NumberField
          form={form}
          name="epochs"
          help={t("epochsHelp", { steps: plan?.stepsPerEpoch ?? 0 })}
        />
        <NumberField
          form={form}
          name="batchSize"
          unit={t("rows")}
          help={outlook?.mayNeedMore ? t("batchSizeSplit") : t("batchSizeHelp")}
        />
        <NumberField
          form={form}
          name="maxLength"
          unit={t("tokens")}
          help={t("maxLengthHelp", { dropped: outside })}
        />
      </div>
      <div className="mt-3">
        <SegmentsField label={t("overLength")}>
          <Segments
            label={t("overLength")}
            value={form.draft.overLength}
            options={[
              { value: "drop", label: t("drop") },
              { value: "cut_start", label: t("cutStart") },
            ]}
            onChange={(overLength) => form.edit({ overLength })}
          />
        </SegmentsField>
      </div>
      <div className="mt-4 grid gap-x-5 gap-y-4 sm:grid-cols-[244px_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-3.5">
          <NumberField
            form={form}
            name="learningRate"
            help={t("learningRateHelp", {
              rate: formatLearningRate(Number(form.defaults.learningRate)),
            })}
          />
          <SegmentsField label={t("schedule")} help={t(`scheduleHelp.${form.draft.schedule}`)}>
            <Segments
              label={t("schedule")}
              value={form.draft.schedule}
              options={SCHEDULES.map((value) => ({ value, label: t(value) }))}
              onChange={(schedule) => form.edit({ schedule })}
            />
          </SegmentsField>
          <NumberField
            form={form}
            name="warmupSteps"
            unit={t("steps")}
            help={t("warmupStepsHelp")}
          />
        </div>
        <LearningRateCurve
          curve={outlook?.curve ?? []}
          epochs={form.config?.epochs ?? 1}
          label={t("curve.label", {
            steps: plan?.totalSteps ?? 0,
            warmup: form.config?.warmupSteps ?? 0,
            schedule: t(form.draft.schedule),
            rate: form.draft.learningRate,
          })}
        />
      </div>
    </section>
  );
}
