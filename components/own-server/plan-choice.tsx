import { useTranslations } from "next-intl";
import { Segments } from "@/components/ui/segments";
import type { ServerPlanForm } from "./use-server-plan";

type ChoiceField = "hardware" | "backend" | "sampler";
type Choice = ServerPlanForm["draft"][ChoiceField];

export interface PlanChoiceProps {
  form: ServerPlanForm;
  name: ChoiceField;
  options: readonly Choice[];
}

/** One choice of the form, and what the chosen one means. */
export function PlanChoice({ form, name, options }: PlanChoiceProps) {
  const t = useTranslations("ownServer");
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <span aria-hidden className="font-[550]">
        {t(`fields.${name}`)}
      </span>
      <Segments
        label={t(`fields.${name}`)}
        value={form.draft[name]}
        options={options.map((value) => ({ value, label: t(`choices.${value}`) }))}
        onChange={(value) => form.edit({ [name]: value })}
      />
      <p className="text-small text-faint">{t(`choicesHelp.${form.draft[name]}`)}</p>
    </div>
  );
}
