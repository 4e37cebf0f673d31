import { StudioError } from "@/lib/base/errors";
import { nullIfAbsent, serverCapabilities } from "@/lib/client/server-capabilities";
import type { TrainingApi } from "@/lib/client/training-api";
import { isRouteAbsent } from "@/lib/doctor/probe-routes";
import { healthSchema, type SupportedModel } from "@/lib/protocol/capabilities";
import type { WeightsInfo } from "@/lib/protocol/checkpoints";

type Options = { signal: AbortSignal };

/**
 * The models of a server; none of one that has no such list.
 *
 * @throws StudioError `not_a_training_server` for an answer of another kind
 */
export async function offeredModels(
  api: Pick<TrainingApi, "capabilities" | "models">,
  options: Options,
): Promise<SupportedModel[]> {
  return (await serverCapabilities(api, options).catch(refuseOthers)).models;
}

/**
 * Resolves for a server that is one by what it says of itself: what it offers, else how it is.
 *
 * @throws StudioError `not_a_training_server` for any other
 */
export async function requireTrainingServer(
  api: Pick<TrainingApi, "capabilities" | "health">,
  options: Options,
): Promise<void> {
  if (await api.capabilities(options).catch(nullIfAbsent).catch(refuseOthers)) return;
  const health = await api.health(options).catch(nullIfAbsent);
  if (healthSchema.safeParse(health).success) return;
  const sentence = "It has neither get_server_capabilities nor healthz.";
  throw new StudioError("not_a_training_server", sentence);
}

/** What answers there answers with something else. */
function refuseOthers(cause: unknown): never {
  if (cause instanceof StudioError && cause.code === "unusable_answer")
    throw new StudioError("not_a_training_server", cause.message, { cause });
  throw cause;
}

/** What a server tells of a checkpoint, itself or by its run; nulls where it has neither call. */
export async function weightsInfo(
  api: Pick<TrainingApi, "weightsInfo" | "trainingRun">,
  path: string,
  options: Options,
): Promise<WeightsInfo> {
  const unknown = { baseModel: null, loraRank: null };
  const orUnknown = (error: unknown) => {
    if (isRouteAbsent(error)) return null;
    throw error;
  };
  const own = await api.weightsInfo(path, options).catch(orUnknown);
  if (own) return own;
  const [, run] = /^\w+:\/\/([^/]+)\//.exec(path) ?? [];
  return (run && (await api.trainingRun(run, options).catch(orUnknown))) || unknown;
}
