import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { StudioError } from "@/lib/base/errors";
import type { HubImport } from "./use-hub-import";

const EXAMPLE = "ms://swift/self-cognition";

/** Which dataset, and how many of its rows. */
export function HubSourceFields({ form }: { form: HubImport }) {
  const t = useTranslations("datasets.hub");
  return (
    <div className="grid grid-cols-1 gap-x-3 gap-y-4 sm:grid-cols-[minmax(0,1fr)_104px]">
      <div className="flex min-w-0 flex-col items-start gap-1.5">
        <Field
          className="w-full"
          label={t("address")}
          help={t("addressHelp")}
          error={isAddressWrong(form.error) ? t("addressWrong") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              required
              disabled={form.isBusy}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
              placeholder={EXAMPLE}
              value={form.address}
              onChange={(event) => form.setAddress(event.target.value)}
            />
          )}
        </Field>
        {form.address === "" && (
          <Button size="small" onClick={() => form.setAddress(EXAMPLE)}>
            {t("example", { address: EXAMPLE })}
          </Button>
        )}
      </div>
      <Field label={t("rows")}>
        {(control) => (
          <Input
            {...control}
            required
            disabled={form.isBusy}
            type="number"
            min={1}
            step={1}
            className="num"
            value={form.rows}
            onChange={(event) => form.setRows(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

export function isAddressWrong(error: unknown): boolean {
  return error instanceof StudioError && error.details?.["cause"] === "hub_address";
}
