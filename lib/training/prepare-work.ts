import { assertNever } from "@/lib/base/assert-never";
import type { TrainingApi } from "@/lib/client/training-api";
import type { TokenRow, TokenRows } from "@/lib/dataset/types";
import { createModelResult } from "@/lib/protocol/training";
import { loadWeightsResult, saveWeightsResult } from "@/lib/protocol/weights";
import { prepareStep, prepareValidation } from "./batch-requests";
import { batchesOf } from "./batches";
import { cutStart } from "./datum";
import type { Work } from "./run-state";
import { serverMetadata } from "./server-metadata";
import type { RunConfig, RunPlan } from "./types";
import { nextIds, workRequest, type ModelTarget, type PreparedWork } from "./work-request";

const MOST_VALIDATION_ROWS = 64;

export type PrepareWork = (work: Work, target: ModelTarget) => Promise<PreparedWork>;

/** Turns the works of one run into calls of the API; those with rows read them when they are prepared. */
export function createPreparer(
  api: TrainingApi,
  rows: TokenRows,
  config: RunConfig,
  plan: RunPlan,
): PrepareWork {
  const batchOf = batchesOf(config, plan);
  const read = async (numbers: number[]): Promise<TokenRow[]> =>
    (await rows.read(numbers)).map((row) => cutStart(row, config.maxLength));

  return async (work, target) => {
    switch (work.kind) {
      case "create_model": {
        const create = workRequest(api, "create_model", createModelResult, (options) =>
          api.createModel(
            {
              session_id: target.sessionId,
              model_seq_id: 0,
              base_model: config.baseModel,
              lora_config: { rank: config.loraRank, seed: config.seed },
              user_metadata: serverMetadata(config),
            },
            options,
          ),
        );
        return { requests: [create], result: () => ({ ...work, ...create.answer() }) };
      }
      case "load_weights": {
        const { path, optimizer } = work;
        const load = workRequest(api, "load_weights", loadWeightsResult, (options) =>
          api.loadWeights({ ...nextIds(target), path, optimizer }, options),
        );
        return { requests: [load], result: () => work };
      }
      case "step":
        return prepareStep(api, target, work, await read(batchOf(work.step)), config);
      case "validate":
        return prepareValidation(
          api,
          target,
          work,
          await read(plan.validationRows.slice(0, MOST_VALIDATION_ROWS)),
        );
      case "save": {
        const save = workRequest(api, "save_weights", saveWeightsResult, (options) =>
          api.saveWeights({ ...nextIds(target), path: work.name }, options),
        );
        return { requests: [save], result: () => ({ ...work, ...save.answer() }) };
      }
      case "save_for_sampling": {
        // Under a name the answer has a path; only a save for a session has none.
        const save = workRequest(api, "save_weights_for_sampler", saveWeightsResult, (options) =>
          api.saveWeightsForSampler({ ...nextIds(target), path: work.name }, options),
        );
        return { requests: [save], result: () => ({ ...work, ...save.answer() }) };
      }
      default:
        return assertNever(work);
    }
  };
}
