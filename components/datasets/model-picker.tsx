import { useTranslations } from "next-intl";
import { useId } from "react";
import { NativeSelect } from "@/components/ui/field";
import type { DatasetBenchState } from "./use-dataset-bench";

/** The base model whose tokenizer and chat template count. */
export function ModelPicker({
  bench: { models, model, hasNoServer, view },
}: {
  bench: DatasetBenchState;
}) {
  const t = useTranslations("datasets.strip");
  const id = useId();
  const choices = model && !models.includes(model) ? [model, ...models] : models;
  return (
    <div className="flex min-w-0 items-center gap-2">
      <label htmlFor={id} className="shrink-0 text-small text-faint">
        {t("model")}
      </label>
      <NativeSelect
        id={id}
        className="w-auto max-w-[240px] min-w-32"
        value={model ?? ""}
        disabled={choices.length === 0}
        onChange={(event) => view.show({ model: event.target.value })}
      >
        {choices.length === 0 && <option value="">{hasNoServer ? t("noModels") : "…"}</option>}
        {choices.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </NativeSelect>
    </div>
  );
}
