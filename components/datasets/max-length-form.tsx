import { useFormatter, useTranslations } from "next-intl";
import { Field, Input } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/page";
import { Segments } from "@/components/ui/segments";
import type { DatasetBenchState } from "./use-dataset-bench";

/** The same two fields as in the form of a run: what is set here is found there. */
export function MaxLengthForm({ bench }: { bench: DatasetBenchState }) {
  const t = useTranslations();
  const format = useFormatter();
  const { form, tokens, longRows } = bench;
  const { tokenSet } = tokens;
  if (!form) {
    return (
      <section aria-label={t("datasets.lengths.maxLength")}>
        <Skeleton className="h-36" />
      </section>
    );
  }
  const problem = form.problems.maxLength;
  const share = format.number(tokenSet ? longRows.length / Math.max(1, tokenSet.rowCount) : 0, {
    style: "percent",
    maximumFractionDigits: 1,
  });
  return (
    <section className="flex flex-col gap-2.5">
      <Field
        label={t("datasets.lengths.maxLength")}
        help={
          tokenSet
            ? t("datasets.lengths.maxLengthHelp", { count: longRows.length, share })
            : t("datasets.lengths.maxLengthUnknown")
        }
        error={problem && t(`newRun.problem.${problem.code}`, { ...problem })}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            className="max-w-36 num"
            value={form.draft.maxLength}
            onChange={(event) => form.edit({ maxLength: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1">
        <span className="font-[550]">{t("datasets.lengths.overLength")}</span>
        <Segments
          label={t("datasets.lengths.overLength")}
          value={form.draft.overLength}
          options={[
            { value: "drop", label: t("datasets.lengths.drop") },
            { value: "cut_start", label: t("datasets.lengths.cutStart") },
          ]}
          onChange={(overLength) => form.edit({ overLength })}
          className="w-fit"
        />
      </div>
    </section>
  );
}
