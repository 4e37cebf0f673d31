import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Field, Input } from "@/components/ui/field";
import type { ServerPlanForm } from "./use-server-plan";

type TextField = {
  [Name in keyof ServerPlanForm["draft"]]: string extends ServerPlanForm["draft"][Name]
    ? Name
    : never;
}[keyof ServerPlanForm["draft"]];

export interface PlanFieldProps {
  form: ServerPlanForm;
  name: TextField;
  placeholder?: string;
  /** A name, an address or a folder, not a number. */
  isText?: boolean;
}

/** One field of the form, with its help or what is wrong with it. */
export function PlanField({ form, name, placeholder, isText = false }: PlanFieldProps) {
  const t = useTranslations("ownServer");
  const problem = form.problemOf(name);
  return (
    <Field
      label={t(`fields.${name}`)}
      help={t(`help.${name}`)}
      error={problem && t(`problem.${problem.code}`, { ...problem })}
    >
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          spellCheck={false}
          {...(isText ? {} : { inputMode: "numeric" })}
          className={cn(isText ? "font-mono" : "num")}
          placeholder={placeholder}
          value={form.draft[name]}
          onChange={(event) => form.edit({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
