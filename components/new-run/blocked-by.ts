import type { NewRun } from "./use-new-run";

export type Blocked =
  | "no_server"
  | "no_dataset"
  | "no_model"
  | "unknown_dataset"
  | "bad_path"
  | "no_load"
  | "checkpoint_unknown"
  | "counting"
  | "not_counted"
  | "not_countable"
  | "fields"
  | "planning"
  | "no_rows"
  | "loading";

/** Why the run cannot be started yet, the first reason of all; null when it can. */
export function blockedBy(run: NewRun): Blocked | null {
  const { session, capabilities, datasets, tokens, form, plan } = run;
  if (session.data?.connected === false || session.isError || capabilities.isError)
    return "no_server";
  if (session.isPending || capabilities.isPending || datasets.isPending) return "loading";
  if (!run.dataset) return datasets.data?.length ? "unknown_dataset" : "no_dataset";
  if (!run.model) return "no_model";
  if (!run.isPathGood) return "bad_path";
  if (run.from !== null && run.lacks("load")) return "no_load";
  if (run.from !== null && !run.checkpoint.data) return "checkpoint_unknown";
  if (tokens.isTokenizing) return "counting";
  if (!tokens.tokenSet) return tokens.error ? "not_countable" : "not_counted";
  if (!form) return "loading";
  if (!form.config) return "fields";
  if (!plan.isCurrent || !plan.plan) return "planning";
  return plan.plan.trainRows.length === 0 ? "no_rows" : null;
}
