import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { isCheckpointPath } from "@/lib/base/checkpoint-path";
import { weightsInfoQuery } from "@/lib/query/checkpoints";
import { datasetsQuery } from "@/lib/query/datasets";
import { useRunFacts } from "@/lib/query/run-facts";
import { capabilitiesQuery } from "@/lib/query/server";
import { useLacks } from "@/lib/query/server-features";
import { sessionQuery } from "@/lib/query/session";
import { useTokenSet } from "@/lib/query/token-set";
import { useRunForm } from "@/lib/stores/run-form";
import { usePlan } from "./use-plan";

/** What the form stands on: dataset, base model and checkpoint of the address, and what is known of each. */
export function useNewRun() {
  const search = useSearchParams();
  const session = useQuery(sessionQuery());
  const capabilities = useQuery(capabilitiesQuery());
  const datasets = useQuery(datasetsQuery());

  const from = search.get("from");
  const lacks = useLacks(from !== null);
  const isPathGood = from === null || isCheckpointPath(from);
  const checkpoint = useQuery({
    ...weightsInfoQuery(from ?? ""),
    enabled: from !== null && isPathGood,
  });

  const wantedDataset = search.get("dataset");
  const dataset = wantedDataset
    ? datasets.data?.find(({ id }) => id === wantedDataset)
    : datasets.data?.[0];
  const models = capabilities.data?.models.map(({ name }) => name) ?? [];
  const fixedModel = checkpoint.data?.baseModel ?? null;
  const model = fixedModel ?? search.get("model") ?? models[0];

  const tokens = useTokenSet(dataset?.id, model);
  const facts = useRunFacts(dataset, model, tokens.tokenSet);
  const form = useRunForm(
    facts && {
      ...facts,
      startFrom: from && isPathGood ? { path: from, optimizer: !lacks("load_optimizer") } : null,
      fixedRank: checkpoint.data?.loraRank ?? null,
    },
  );
  const plan = usePlan(form, tokens.tokenSet !== undefined);

  return {
    session,
    capabilities,
    datasets,
    dataset,
    models,
    model,
    fixedModel,
    from,
    isPathGood,
    checkpoint,
    lacks,
    tokens,
    form,
    plan,
    choose: (changes: Partial<Record<"dataset" | "model" | "from", string | null>>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      window.history.replaceState(null, "", `?${next.toString()}`);
    },
  };
}
export type NewRun = ReturnType<typeof useNewRun>;
