import { useQuery } from "@tanstack/react-query";
import { capabilitiesQuery } from "@/lib/query/server";
import { useRunFacts } from "@/lib/query/run-facts";
import { useTokenSet } from "@/lib/query/token-set";
import { useRunForm } from "@/lib/stores/run-form";
import type { DatasetRecord } from "@/lib/storage/types";
import { useDatasetView } from "./use-dataset-view";
import { useRowLengths } from "./use-row-lengths";

/** Everything that the parts of the page share: the dataset under one base model, and what is shown of it. */
export function useDatasetBench(dataset: DatasetRecord) {
  const view = useDatasetView();
  const capabilities = useQuery(capabilitiesQuery());
  const models = capabilities.data?.models.map((offered) => offered.name) ?? [];
  const model = view.model ?? models[0];
  const tokens = useTokenSet(dataset.id, model);
  const facts = useRunFacts(dataset, model, tokens.tokenSet);
  const form = useRunForm(facts && { ...facts, startFrom: null, fixedRank: null });
  const maxLength = form && !form.problems.maxLength ? Number(form.draft.maxLength) : null;
  const { lengths, longRows } = useRowLengths(tokens.tokenSet, maxLength);
  return {
    dataset,
    view,
    models,
    model,
    hasNoServer: capabilities.isError,
    tokens,
    form,
    maxLength,
    lengths,
    longRows,
    problemCount: dataset.problemCount + (tokens.tokenSet?.problemCount ?? 0),
  };
}
export type DatasetBenchState = ReturnType<typeof useDatasetBench>;
