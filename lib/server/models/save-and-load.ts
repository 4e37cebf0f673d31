import type { AdapterTensors } from "../engine/types";
import { refusal } from "../http/errors";
import { readOptimizer, readWeights, writeCheckpoint } from "../runs/checkpoint-files";
import {
  checkpointName,
  timeStamp,
  type CheckpointFolder,
  type CheckpointRef,
} from "../runs/checkpoint-paths";
import { runRecord } from "../runs/run-record";
import type { StoredCheckpoint } from "../runs/run-store";
import type { Services } from "../services";
import { LORA_ALPHA, type LiveModel } from "./live-models";

/** Sampler checkpoints that nobody named and that stay for each run. */
const MAX_UNNAMED = 3;

/**
 * Saves a model's weights; they are on disk when this resolves. The same name replaces what was there.
 * Training checkpoints hold the optimizer too; nameless sampler checkpoints are kept only as the last few.
 */
export async function saveModel(
  { clock, newId, runs }: Services,
  model: LiveModel,
  folder: CheckpointFolder,
  wantedName: string | null | undefined,
): Promise<CheckpointRef> {
  const now = clock.now();
  const name = checkpointName(wantedName ?? "");
  const ref = { runId: model.id, folder, name: name || `${timeStamp(now)}_${newId().slice(0, 4)}` };
  const { weights, optimizer } = model.base.engine.exportAdapter(model.id);
  const facts = {
    savedAt: new Date(now).toISOString(),
    baseModel: model.base.name,
    steps: model.optimizerSteps,
    loss: model.lastLoss,
    isNamed: name !== "",
    version: newId(),
  };
  await writeCheckpoint(
    runs.folderOf(model.owner, ref),
    facts,
    weights,
    folder === "weights" ? optimizer : null,
  );
  await runs.refreshRun(model.owner, runRecord(model));
  if (folder === "sampler_weights") await dropUnnamed();
  return ref;

  async function dropUnnamed(): Promise<void> {
    const unnamed = runs
      .checkpoints(model.owner, model.id)
      .filter(({ ref: { folder: kind }, facts: { isNamed } }) => kind === folder && !isNamed);
    for (const old of unnamed.slice(0, -MAX_UNNAMED)) await runs.deleteCheckpoint(old);
  }
}

/**
 * Puts a checkpoint into a live model. Gradients that were not applied are dropped.
 *
 * @throws WireError when base model or rank differ, or optimizer state is asked for and not there; nothing changes then
 */
export function loadInto(
  model: LiveModel,
  { ref, folder, facts }: StoredCheckpoint,
  { withOptimizer }: { withOptimizer: boolean },
): void {
  if (facts.baseModel !== model.base.name) {
    throw refusal(
      400,
      `The checkpoint belongs to ${facts.baseModel} and the model to ${model.base.name}; create a model of the same base.`,
    );
  }
  if (facts.rank !== model.rank) {
    throw refusal(
      400,
      `The checkpoint has rank ${facts.rank} and the model rank ${model.rank}; create a model with rank ${facts.rank}.`,
    );
  }
  const optimizer = withOptimizer ? readOptimizer(folder, facts) : null;
  if (withOptimizer && !optimizer) {
    throw refusal(
      400,
      `The checkpoint ${ref.folder}/${ref.name} was saved without optimizer state; load it with optimizer: false.`,
    );
  }
  model.base.engine.importAdapter(
    model.id,
    withAlpha(readWeights(folder, facts), LORA_ALPHA),
    optimizer,
  );
  model.pendingLosses = [];
  model.optimizerSteps = optimizer ? facts.steps : 0;
  model.lastLoss = facts.loss;
}

/** The same adapter under another `alpha`: only the product of scale, B and A matters. */
function withAlpha({ rank, alpha, tensors }: AdapterTensors, wanted: number): AdapterTensors {
  const factor = alpha / wanted;
  const changed = [...tensors].map(([name, { shape, data }]) => {
    const scaled = name.endsWith(".lora_B.weight") ? data.map((value) => value * factor) : data;
    return [name, { shape, data: scaled }] as const;
  });
  return { rank, alpha: wanted, tensors: new Map(changed) };
}
