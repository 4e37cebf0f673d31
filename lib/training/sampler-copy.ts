import type * as z from "zod/mini";
import { isTrainingPath } from "@/lib/base/checkpoint-path";
import type { Clock } from "@/lib/base/clock";
import { StudioError, WireError } from "@/lib/base/errors";
import { createSharedWork } from "@/lib/base/shared-work";
import { awaitFuture } from "@/lib/client/futures";
import type { TrainingApi } from "@/lib/client/training-api";
import { allTrainingRuns } from "@/lib/client/training-runs";
import type { FutureRef } from "@/lib/protocol/futures";
import { STUDIO_SESSION } from "@/lib/protocol/sessions";
import { createModelResult } from "@/lib/protocol/training";
import { loadWeightsResult, saveWeightsResult } from "@/lib/protocol/weights";
import { unloadModel } from "./run-life";

/** In the `user_metadata` of a run that holds nothing but such a copy: the path of what was copied. */
const COPY_OF = "studio_copy_of";

interface Sampled {
  /** Which server has it. */
  serverId: string;
  path: string;
  baseModel: string;
}

interface Options {
  clock: Clock;
  signal: AbortSignal;
}

/** Paths of copies, for as long as the page or the process lives. */
const copies = createSharedWork<string>();

/**
 * Asks with the path of a checkpoint. Some servers sample only what was saved for the sampler: there, known from before
 * or by the refusal, it asks with that of a copy.
 *
 * @param isLacking - whether the server is known to sample no training checkpoint
 * @returns the answer, and whether the server was found to be such a one
 * @throws what `ask` throws for the path itself; where a copy is known to be needed, what making it comes to
 */
export async function askWithPath<Answer>(
  api: TrainingApi,
  sampled: Sampled,
  isLacking: boolean,
  options: Options,
  ask: (path: string) => Promise<Answer>,
): Promise<{ answer: Answer; isLacking: boolean }> {
  const { path } = sampled;
  const withCopy = async () => ({
    answer: await askWithCopy(api, sampled, options, ask),
    isLacking: true,
  });
  if (!isTrainingPath(path)) return { answer: await ask(path), isLacking };
  if (isLacking) return withCopy();
  try {
    return { answer: await ask(path), isLacking };
  } catch (error) {
    if (!(error instanceof WireError) || ![400, 422].includes(error.status)) throw error;
    return withCopy().catch(() => {
      options.signal.throwIfAborted();
      throw error;
    });
  }
}

/** A copy that was deleted meanwhile is made again. */
async function askWithCopy<Answer>(
  api: TrainingApi,
  sampled: Sampled,
  { clock, signal }: Options,
  ask: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const key = `${sampled.serverId} ${sampled.path}`;
  const copyOf = () =>
    copies.resultOf(key, (shared) => samplerCopy(api, sampled, { clock, ...shared }), { signal });
  const copy = await copyOf();
  try {
    return await ask(copy);
  } catch (error) {
    const isGone = error instanceof StudioError && ["not_found", "model_gone"].includes(error.code);
    if (!isGone) throw error;
    copies.forget(key, copy);
    return ask(await copyOf());
  }
}

/**
 * The path of a checkpoint for the sampler with the weights of a training checkpoint: the one that was made before, else a
 * new one, which takes a LoRA slot for a moment.
 */
async function samplerCopy(api: TrainingApi, of: Sampled, options: Options): Promise<string> {
  const { signal } = options;
  const runs = await allTrainingRuns(api, { signal });
  const known = runs.find(({ userMetadata }) => userMetadata[COPY_OF] === of.path);
  const saved = known && (await api.checkpoints(known.id, { signal }));
  return saved?.find(({ kind }) => kind === "sampler")?.path ?? newCopy(api, of, options);
}

async function newCopy(
  api: TrainingApi,
  { path, baseModel }: Sampled,
  { clock, signal }: Options,
): Promise<string> {
  const settled = async <Result>(sent: Promise<FutureRef>, result: z.ZodMiniType<Result>) =>
    awaitFuture(api, (await sent).requestId, result, { clock, signal });
  const rank = await rankOf(api, path, { signal });
  const name = path.split("/").at(-1) ?? "copy";
  const { sessionId } = await api.createSession(STUDIO_SESSION, { signal });
  const studio = JSON.stringify({ name: `${name} (sampler)` });
  const create = api.createModel(
    {
      ...{ session_id: sessionId, model_seq_id: 0, base_model: baseModel, lora_config: { rank } },
      user_metadata: { [COPY_OF]: path, studio },
    },
    { signal },
  );
  const { modelId } = await settled(create, createModelResult);
  const numbered = (seq_id: number, path: string) => ({ model_id: modelId, seq_id, path });
  try {
    const load = api.loadWeights({ ...numbered(1, path), optimizer: false }, { signal });
    await settled(load, loadWeightsResult);
    const save = api.saveWeightsForSampler(numbered(2, name), { signal });
    return (await settled(save, saveWeightsResult)).path;
  } finally {
    // The slot is freed also when those who asked have left.
    await unloadModel(api, modelId, { clock, signal: new AbortController().signal });
  }
}

/** @throws StudioError `unusable_answer` where the server tells the rank in neither way */
async function rankOf(
  api: TrainingApi,
  path: string,
  options: { signal: AbortSignal },
): Promise<number> {
  const [, run = ""] = /:\/\/([^/]+)\//.exec(path) ?? [];
  const ofPath = await api.weightsInfo(path, options).catch(() => null);
  const rank = ofPath?.loraRank ?? (await api.trainingRun(run, options)).loraRank;
  if (rank !== null) return rank;
  throw new StudioError("unusable_answer", `the server does not tell the rank of ${path}`);
}
