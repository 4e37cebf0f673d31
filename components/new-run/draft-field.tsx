import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Field, Input, type FieldProps } from "@/components/ui/field";
import { cn } from "@/components/ui/cn";
import type { DraftField as FieldName, NumberField as NumberName } from "@/lib/training/run-draft";
import type { RunForm } from "@/lib/stores/run-form";

export interface DraftFieldProps {
  form: RunForm;
  name: FieldName;
  /** The field's own name by default. */
  label?: string | undefined;
  help?: ReactNode;
  children: FieldProps["children"];
}

/** A field of the draft: says whether its value is the default, and what is wrong with it. */
export function DraftField({ form, name, label, help, children }: DraftFieldProps) {
  const t = useTranslations("newRun");
  const problem = form.problems[name];
  return (
    <Field
      label={
        <span className="flex flex-wrap items-baseline gap-x-1.5 text-body">
          {label ?? t(name)}
          <DefaultMark form={form} name={name} />
        </span>
      }
      help={help}
      error={problem && t(`problem.${problem.code}`, { ...problem })}
    >
      {children}
    </Field>
  );
}

function DefaultMark({ form, name }: { form: RunForm; name: FieldName }) {
  const t = useTranslations("newRun");
  if (name === "name") return null;
  const isEdited = form.isEdited(name);
  return (
    <span className={cn("text-small font-normal", isEdited ? "text-accent-text" : "text-faint")}>
      {isEdited ? t("defaultIs", { value: form.defaults[name] }) : t("default")}
    </span>
  );
}

export interface NumberFieldProps {
  form: RunForm;
  name: NumberName;
  label?: string;
  unit?: string;
  help?: ReactNode;
  isDisabled?: boolean;
}

/** A number as it is typed; parsed and checked by the form. */
export function NumberField({
  form,
  name,
  label,
  unit,
  help,
  isDisabled = false,
}: NumberFieldProps) {
  return (
    <DraftField form={form} name={name} label={label} help={help}>
      {(control) => (
        <div className="relative">
          <Input
            {...control}
            inputMode={name === "learningRate" ? "text" : "decimal"}
            autoComplete="off"
            spellCheck={false}
            className={cn("h-[34px] text-form num", unit && "pr-14")}
            value={form.draft[name]}
            disabled={isDisabled}
            onChange={(event) => form.edit({ [name]: event.target.value })}
          />
          {unit && (
            <span
              aria-hidden
              className="pointer-events-none absolute top-[9px] right-2.5 text-small text-faint"
            >
              {unit}
            </span>
          )}
        </div>
      )}
    </DraftField>
  );
}
