import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Segments } from "@/components/ui/segments";
import type { RunForm } from "@/lib/stores/run-form";
import { NumberField } from "./draft-field";
import { SegmentsField } from "./segments-field";

const PRESETS = ["4", "8", "16", "32"];
/** Twinkle Server's limit, unless its operator raised it. */
const USUAL_LIMIT = 32;

export function LoraSection({ form, isFixed }: { form: RunForm; isFixed: boolean }) {
  const t = useTranslations("newRun");
  const [wantsOther, setWantsOther] = useState(false);
  const rank = form.draft.loraRank;
  const isOther = isFixed || wantsOther || !PRESETS.includes(rank);
  return (
    <section>
      <h2 className="mb-3 text-[15px]">{t("lora")}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-3">
          {!isFixed && (
            <SegmentsField label={t("loraRank")} help={t("loraRankHelp")}>
              <Segments
                label={t("loraRank")}
                value={isOther ? "other" : rank}
                options={[
                  ...PRESETS.map((value) => ({ value, label: value })),
                  { value: "other", label: t("other") },
                ]}
                onChange={(value) => {
                  setWantsOther(value === "other");
                  if (value !== "other") form.edit({ loraRank: value });
                }}
              />
            </SegmentsField>
          )}
          {isOther && (
            <NumberField
              form={form}
              name="loraRank"
              label={t(isFixed ? "loraRank" : "otherRank")}
              isDisabled={isFixed}
              help={isFixed ? t("loraRankFixed") : ""}
            />
          )}
        </div>
        <Field
          label={<span className="text-body">{t("appliesTo")}</span>}
          help={t("allLinearHelp")}
        >
          {(control) => (
            <Input {...control} disabled className="h-[34px] text-form" value={t("allLinear")} />
          )}
        </Field>
      </div>
      {Number(rank) > USUAL_LIMIT && (
        <Note tone="warn" className="mt-3">
          {t("loraRankHigh")}
        </Note>
      )}
    </section>
  );
}
