import { json, noContent } from "../http/answers";
import { refusal } from "../http/errors";
import { readPage } from "../http/page";
import type { Call, Route } from "../http/router";
import { checkpointPath, checkpointRef, type PathScheme } from "../runs/checkpoint-paths";
import { runRecord } from "../runs/run-record";
import type { RunRecord, RunStore, StoredCheckpoint } from "../runs/run-store";
import type { Services } from "../services";

/** Runs and checkpoints on disk: listing, deleting, publishing. */
export function runRoutes({ live, publish, runs }: Services): Route[] {
  function current(owner: string, run: RunRecord): RunRecord {
    const model = live.find(owner, run.id);
    return model ? runRecord(model) : run;
  }

  function requireRun({ owner, params: { run: id = "" } }: Call): RunRecord {
    const run = runs.run(owner, id);
    if (!run) throw refusal(404, `Training run ${id} not found`);
    return current(owner, run);
  }

  function describeRun({ owner, pathScheme }: Call, run: RunRecord): object {
    const checkpoints = runs.checkpoints(owner, run.id);
    const last = (folder: string) => checkpoints.filter(({ ref }) => ref.folder === folder).at(-1);
    const [weights, sampler] = [last("weights"), last("sampler_weights")];
    return {
      training_run_id: run.id,
      base_model: run.baseModel,
      model_owner: owner.slice(0, 8),
      is_lora: true,
      corrupted: false,
      lora_rank: run.rank,
      last_request_time: run.lastRequestTime,
      last_checkpoint: weights ? describeCheckpoint(weights, pathScheme) : null,
      last_sampler_checkpoint: sampler ? describeCheckpoint(sampler, pathScheme) : null,
      user_metadata: run.userMetadata,
    };
  }

  return [
    {
      method: "GET",
      path: "training_runs",
      handle: (call) => {
        const page = readPage(call.query, 20);
        const all = runs
          .runs(call.owner)
          .map((run) => current(call.owner, run))
          .sort(
            (a, b) =>
              b.lastRequestTime.localeCompare(a.lastRequestTime) || b.id.localeCompare(a.id),
          );
        return json({
          training_runs: page.of(all).map((run) => describeRun(call, run)),
          cursor: { offset: page.offset, limit: page.limit, total_count: all.length },
        });
      },
    },
    {
      method: "GET",
      path: "training_runs/{run}",
      handle: (call) => json(describeRun(call, requireRun(call))),
    },
    {
      method: "GET",
      path: "training_runs/{run}/checkpoints",
      handle: (call) => {
        const { id } = requireRun(call);
        return json({
          checkpoints: describeAll(runs.checkpoints(call.owner, id), call),
          cursor: null,
        });
      },
    },
    {
      method: "GET",
      path: "checkpoints",
      handle: (call) => {
        const page = readPage(call.query, 100);
        const all = runs
          .runs(call.owner)
          .flatMap(({ id }) => runs.checkpoints(call.owner, id))
          .sort((a, b) => b.facts.savedAt.localeCompare(a.facts.savedAt));
        return json({
          checkpoints: describeAll(page.of(all), call),
          cursor: { offset: page.offset, limit: page.limit, total_count: all.length },
        });
      },
    },
    {
      method: "DELETE",
      path: "training_runs/{run}/checkpoints/{checkpoint}",
      handle: async (call) => {
        await runs.deleteCheckpoint(requireCheckpoint(runs, call));
        return json(null);
      },
    },
    {
      method: "POST",
      path: "training_runs/{run}/checkpoints/{checkpoint}/publish",
      hasNoBody: true,
      handle: async (call) => {
        const checkpoint = requireCheckpoint(runs, call);
        await publish(
          { run: requireRun(call), checkpoint, token: call.hubToken },
          { signal: call.signal },
        );
        return noContent();
      },
    },
  ];
}

/** @throws WireError 400 when the id is none, 404 when this caller has no such checkpoint */
export function requireCheckpoint(
  runs: RunStore,
  { owner, params: { run = "", checkpoint: id = "" } }: Call,
): StoredCheckpoint {
  if (!id.includes("/"))
    throw refusal(400, `"${id}" is no checkpoint id; use weights/NAME or sampler_weights/NAME.`);
  const ref = checkpointRef(run, id);
  const checkpoint = ref && runs.checkpoint(owner, ref);
  if (!checkpoint) throw refusal(404, `Checkpoint ${id} not found for run ${run}`);
  return checkpoint;
}

function describeAll(checkpoints: StoredCheckpoint[], { pathScheme }: Call): object[] {
  return checkpoints.map((checkpoint) => describeCheckpoint(checkpoint, pathScheme));
}

function describeCheckpoint({ ref, facts }: StoredCheckpoint, scheme: PathScheme): object {
  return {
    checkpoint_id: `${ref.folder}/${ref.name}`,
    checkpoint_type: ref.folder === "weights" ? "training" : "sampler",
    time: facts.savedAt,
    tinker_path: checkpointPath(ref, scheme),
    size_bytes: Object.values(facts.fileBytes).reduce((sum, size) => sum + size, 0),
    public: false,
    expires_at: null,
  };
}
