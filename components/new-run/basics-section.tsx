import { useTranslations } from "next-intl";
import Link from "next/link";
import { GivenFiles } from "@/components/problems/given-files";
import { Field, Input, NativeSelect } from "@/components/ui/field";
import { useServerName } from "@/components/ui/use-server-name";
import { paths } from "@/lib/config/paths";
import { DraftField } from "./draft-field";
import type { NewRun } from "./use-new-run";

/** Keeps the line of the help. */
const NOTHING_YET = "\u00a0";

/** Name, dataset and base model. */
export function BasicsSection({ run }: { run: NewRun }) {
  const t = useTranslations("newRun");
  const { form } = run;
  return (
    <section aria-label={t("basics")} className="grid gap-4 sm:grid-cols-2">
      <div className="sm:col-span-2">
        {form ? (
          <DraftField form={form} name="name" help={t("nameHelp")}>
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                className="h-[34px] text-form"
                value={form.draft.name}
                onChange={(event) => form.edit({ name: event.target.value })}
              />
            )}
          </DraftField>
        ) : (
          <Field label={<span className="text-body">{t("name")}</span>} help={t("nameHelp")}>
            {(control) => <Input {...control} className="h-[34px]" disabled />}
          </Field>
        )}
      </div>
      <DatasetField run={run} />
      <ModelField run={run} />
      {run.model && <GivenFiles model={run.model} className="sm:col-span-2" />}
    </section>
  );
}

function DatasetField({ run }: { run: NewRun }) {
  const t = useTranslations("newRun");
  const { datasets, dataset } = run;
  return (
    <Field
      label={<span className="text-body">{t("dataset")}</span>}
      help={
        dataset ? (
          <>
            {t("datasetHelp", { rows: dataset.rowCount })}
            {" · "}
            <Link
              className="font-[550] text-accent-text hover:underline"
              href={paths.dataset(dataset.id, { model: run.model })}
            >
              {t("look")}
            </Link>
          </>
        ) : (
          NOTHING_YET
        )
      }
    >
      {(control) => (
        <NativeSelect
          {...control}
          className="h-[34px] text-form"
          value={dataset?.id ?? ""}
          onChange={(event) => run.choose({ dataset: event.target.value })}
        >
          {!dataset && <option value="">{datasets.isPending ? "" : t("noDatasets")}</option>}
          {datasets.data?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  );
}

function ModelField({ run }: { run: NewRun }) {
  const t = useTranslations("newRun");
  const nameOf = useServerName();
  const { models, model, fixedModel, session } = run;
  const choices = model && !models.includes(model) ? [model, ...models] : models;
  return (
    <Field
      label={<span className="text-body">{t("baseModel")}</span>}
      help={
        fixedModel
          ? t("baseModelFixed")
          : session.data?.serverId
            ? nameOf(session.data.serverId)
            : NOTHING_YET
      }
    >
      {(control) => (
        <NativeSelect
          {...control}
          className="h-[34px] text-form"
          value={model ?? ""}
          disabled={fixedModel !== null || choices.length === 0}
          onChange={(event) => run.choose({ model: event.target.value })}
        >
          {choices.length === 0 && <option value="">{t("noModels")}</option>}
          {choices.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </NativeSelect>
      )}
    </Field>
  );
}
