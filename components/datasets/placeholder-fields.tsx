import { useTranslations } from "next-intl";
import { Field, Input } from "@/components/ui/field";
import type { HubSlice } from "@/lib/workers/hosts";
import type { HubImport } from "./use-hub-import";

/** What is to stand in the rows instead of each of their placeholders. */
export function PlaceholderFields({ form, slice }: { form: HubImport; slice: HubSlice }) {
  const t = useTranslations("datasets.hub");
  if (slice.placeholders.length === 0) return null;
  return (
    <fieldset className="border-t border-line pt-3">
      <legend className="sr-only">{t("placeholders")}</legend>
      <p className="mb-2.5 text-muted">{t("placeholdersHelp")}</p>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {slice.placeholders.map((name, at) => (
          <Field key={name} label={<span className="font-mono text-mono">{`{{${name}}}`}</span>}>
            {(control) => (
              <Input
                {...control}
                required
                autoFocus={at === 0}
                disabled={form.isBusy}
                autoComplete="off"
                value={form.values[name] ?? ""}
                onChange={(event) => form.setValue(name, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
