import { StudioError } from "@/lib/base/errors";
import type { TrainingApi } from "@/lib/client/training-api";
import { isRouteAbsent } from "@/lib/doctor/probe-routes";
import type { SupportedModel } from "@/lib/protocol/capabilities";
import type { WeightsInfo } from "@/lib/protocol/checkpoints";

type Options = { signal: AbortSignal };

/**
 * The models of a server; none of one that has no such list.
 *
 * @throws StudioError `not_a_training_server` for an answer of another kind
 */
export async function offeredModels(
  api: Pick<TrainingApi, "capabilities">,
  options: Options,
): Promise<SupportedModel[]> {
  try {
    return (await api.capabilities(options)).models;
  } catch (cause) {
    if (isRouteAbsent(cause)) return [];
    if (cause instanceof StudioError && cause.code === "unusable_answer")
      throw new StudioError("not_a_training_server", cause.message, { cause });
    throw cause;
  }
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
