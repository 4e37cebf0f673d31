import type { z } from "zod";
import { awaitFuture, type AwaitOptions } from "@/lib/client/futures";
import type { TrainingApi } from "@/lib/client/training-api";
import type { CallOptions } from "@/lib/client/transport";
import type { TokenRow, TokenRows } from "@/lib/dataset/types";
import {
  loadWeightsResult,
  saveForSamplerResult,
  saveWeightsResult,
} from "@/lib/protocol/checkpoints";
import type { FutureRef } from "@/lib/protocol/futures";
import {
  createModelResult,
  forwardResult,
  optimStepResult,
  type ForwardResult,
} from "@/lib/protocol/training";
import { StudioError } from "@/lib/base/errors";
import { batchesOf } from "./batches";
import { cutStart, splitBatch, targetWeights, toDatum } from "./datum";
import { lossOfRow, meanLoss, type LossSum } from "./loss";
import type { Work, WorkResult } from "./run-state";
import { serverMetadata } from "./server-metadata";
import type { RunConfig, RunPlan } from "./types";

/** One call of a work: sent once, then awaited; its result stays with the work. */
export interface WorkRequest {
  call: string;
  send(options: CallOptions): Promise<FutureRef>;
  settle(future: FutureRef, options: AwaitOptions): Promise<void>;
}

export interface PreparedWork {
  requests: WorkRequest[];
  /** What came of it, once all requests are settled. */
  result(): WorkResult;
}

/** Where the requests of a model go. */
export interface ModelTarget {
  sessionId: string;
  /** Null until create_model is settled. */
  modelId: string | null;
  /** Rises from 1 with every request of the model. */
  nextSeqId(): number;
}

const ADAM = { beta1: 0.9, beta2: 0.95, eps: 1e-8 };
const MOST_VALIDATION_ROWS = 64;

/** Turns works into the calls of the API, for one run. */
export function createPreparer(
  api: TrainingApi,
  rows: TokenRows,
  config: RunConfig,
  plan: RunPlan,
) {
  const batchOf = batchesOf(config, plan);
  const read = async (numbers: number[]): Promise<TokenRow[]> =>
    (await rows.read(numbers)).map((row) => cutStart(row, config.maxLength));

  function request<Answer>(
    call: string,
    answer: z.ZodType<Answer>,
    send: (options: CallOptions) => Promise<FutureRef>,
    keep: (answer: Answer) => void,
  ): WorkRequest {
    return {
      call,
      send,
      settle: async ({ requestId }, options) =>
        keep(await awaitFuture(api, requestId, answer, options)),
    };
  }

  function passes(
    target: ModelTarget,
    call: "forward" | "forward_backward",
    batch: TokenRow[],
    losses: LossSum[],
  ) {
    return splitBatch(batch).map((part) =>
      request(
        call,
        forwardResult,
        (options) => {
          const input = { data: part.map(toDatum), loss_fn: "cross_entropy" };
          const ids = { model_id: modelOf(target), seq_id: target.nextSeqId() };
          return call === "forward"
            ? api.forward({ ...ids, forward_input: input }, options)
            : api.forwardBackward({ ...ids, forward_backward_input: input }, options);
        },
        (answer) => losses.push(...lossesOf(answer, part)),
      ),
    );
  }

  async function prepareStep(
    target: ModelTarget,
    work: Extract<Work, { kind: "step" }>,
  ): Promise<PreparedWork> {
    const batch = await read(batchOf(work.step));
    const losses: LossSum[] = [];
    let gradNorm: number | null = null;
    const optimStep = request(
      "optim_step",
      optimStepResult,
      (options) =>
        api.optimStep(
          {
            model_id: modelOf(target),
            seq_id: target.nextSeqId(),
            adam_params: {
              ...ADAM,
              learning_rate: work.learningRate,
              weight_decay: config.weightDecay,
              grad_clip_norm: config.gradClipNorm,
            },
          },
          options,
        ),
      ({ metrics }) => (gradNorm = metricOf(metrics, "grad_norm")),
    );
    const tokens = batch.reduce((sum, row) => sum + row.tokens.length, 0);
    return {
      requests: [...passes(target, "forward_backward", batch, losses), optimStep],
      result: () => ({ ...work, loss: meanLoss(losses), gradNorm, tokens }),
    };
  }

  async function prepareValidation(
    target: ModelTarget,
    work: Extract<Work, { kind: "validate" }>,
  ): Promise<PreparedWork> {
    const losses: LossSum[] = [];
    const batch = await read(plan.validationRows.slice(0, MOST_VALIDATION_ROWS));
    return {
      requests: passes(target, "forward", batch, losses),
      result: () => ({ ...work, loss: meanLoss(losses) }),
    };
  }

  /** The requests of a work; those with rows read them now. */
  return async (work: Work, target: ModelTarget): Promise<PreparedWork> => {
    const numbered = () => ({ model_id: modelOf(target), seq_id: target.nextSeqId() });
    switch (work.kind) {
      case "create_model": {
        let modelId = "";
        const create = request(
          "create_model",
          createModelResult,
          (options) =>
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
          (answer) => (modelId = answer.modelId),
        );
        return { requests: [create], result: () => ({ ...work, modelId }) };
      }
      case "load_weights": {
        const body = { path: work.path, optimizer: work.optimizer };
        const load = request(
          "load_weights",
          loadWeightsResult,
          (options) => api.loadWeights({ ...numbered(), ...body }, options),
          () => {},
        );
        return { requests: [load], result: () => work };
      }
      case "step":
        return prepareStep(target, work);
      case "validate":
        return prepareValidation(target, work);
      case "save": {
        let path = "";
        const save = request(
          "save_weights",
          saveWeightsResult,
          (options) => api.saveWeights({ ...numbered(), path: work.name }, options),
          (answer) => (path = answer.path),
        );
        return { requests: [save], result: () => ({ ...work, path }) };
      }
      case "save_for_sampling": {
        let path = "";
        const save = request(
          "save_weights_for_sampler",
          saveForSamplerResult,
          (options) => api.saveWeightsForSampler({ ...numbered(), path: work.name }, options),
          (answer) => {
            if (answer.path === null)
              throw new StudioError("unusable_answer", "the server saved weights without a path");
            path = answer.path;
          },
        );
        return { requests: [save], result: () => ({ ...work, path }) };
      }
    }
  };
}

function modelOf({ modelId }: ModelTarget): string {
  if (modelId === null)
    throw new StudioError("internal", "a request was prepared before its model was made");
  return modelId;
}

/** Losses of the rows of one call; where the server sends no logprobs, its own mean over the call stands for them. */
function lossesOf(answer: ForwardResult, rows: TokenRow[]): LossSum[] {
  return rows.map((row, index) => {
    const weights = targetWeights(row);
    const own = lossOfRow(answer.logprobs[index] ?? null, weights);
    if (own) return own;
    const trainedTokens = weights.reduce((sum, weight) => sum + weight, 0);
    return {
      nats: (metricOf(answer.metrics, "loss") ?? Number.NaN) * trainedTokens,
      trainedTokens,
    };
  });
}

/** Servers decorate the names of their metrics: the first that begins so. */
function metricOf(metrics: Record<string, number>, prefix: string): number | null {
  return Object.entries(metrics).find(([name]) => name.startsWith(prefix))?.[1] ?? null;
}
