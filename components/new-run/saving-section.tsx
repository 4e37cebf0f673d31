import { useTranslations } from "next-intl";
import { Segments } from "@/components/ui/segments";
import { NumberField } from "./draft-field";
import { SegmentsField } from "./segments-field";
import type { PlannedSectionProps } from "./training-section";

export function SavingSection({ form, plan: { plan } }: PlannedSectionProps) {
  const t = useTranslations("newRun");
  return (
    <section>
      <h2 className="mb-3 text-[15px]">{t("saving")}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          form={form}
          name="validationPercent"
          unit={t("percent")}
          help={plan ? t("validationPercentHelp", { rows: plan.validationRows.length }) : ""}
        />
        <NumberField form={form} name="seed" help={t("seedHelp")} />
        <SegmentsField label={t("saveUnit")} help={t("saveHelp")}>
          <Segments
            label={t("saveUnit")}
            value={form.draft.saveUnit}
            options={[
              { value: "epoch", label: t("everyEpoch") },
              { value: "steps", label: t("everySteps") },
            ]}
            onChange={(saveUnit) => form.edit({ saveUnit })}
          />
        </SegmentsField>
        {form.draft.saveUnit === "steps" && (
          <NumberField form={form} name="saveSteps" unit={t("steps")} />
        )}
      </div>
    </section>
  );
}
