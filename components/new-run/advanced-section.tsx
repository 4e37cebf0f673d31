import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { RunForm } from "@/lib/stores/run-form";
import { NumberField } from "./draft-field";

const FIELDS = ["weightDecay", "gradClipNorm", "submitAhead"] as const;

export function AdvancedSection({ form }: { form: RunForm }) {
  const t = useTranslations("newRun");
  const { weightDecay, gradClipNorm, submitAhead } = form.draft;
  const hasProblem = FIELDS.some((field) => form.problems[field]);
  return (
    <section>
      <details className="group" open={hasProblem || undefined}>
        <summary className="flex cursor-pointer list-none items-start gap-2.5">
          <ChevronRight
            aria-hidden
            className="mt-0.5 size-4 shrink-0 text-faint group-open:rotate-90"
          />
          <span className="min-w-0">
            <b className="font-semibold">{t("advanced")}</b>
            <small className="block text-small text-faint">
              {t("advancedSummary", { weightDecay, gradClipNorm, submitAhead })}
            </small>
          </span>
        </summary>
        <div className="mt-4 grid gap-4 sm:grid-cols-3">
          {FIELDS.map((field) => (
            <NumberField key={field} form={form} name={field} help={t(`${field}Help`)} />
          ))}
        </div>
      </details>
    </section>
  );
}
