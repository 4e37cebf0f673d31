import type { TrainingApi } from "@/lib/client/training-api";
import type { TokenRow } from "@/lib/dataset/types";
import { forwardResult, optimStepResult, type ForwardResult } from "@/lib/protocol/training";
import { splitBatch, targetWeights, toDatum } from "./datum";
import { lossOfRow, meanLoss, toldLoss, type LossSum } from "./loss";
import type { Work } from "./run-state";
import type { RunConfig } from "./types";
import {
  nextIds,
  workRequest,
  type ModelTarget,
  type PreparedWork,
  type WorkRequest,
} from "./work-request";

const ADAM = { beta1: 0.9, beta2: 0.95, eps: 1e-8 };

/** Gradients of a batch, in as many calls as it takes, and one step of the optimizer. */
export function prepareStep(
  api: TrainingApi,
  target: ModelTarget,
  work: Extract<Work, { kind: "step" }>,
  batch: TokenRow[],
  config: RunConfig,
): PreparedWork {
  const parts = splitBatch(batch);
  const passes = parts.map((rows) =>
    workRequest(api, "forward_backward", forwardResult, (options) =>
      api.forwardBackward(
        { ...nextIds(target), forward_backward_input: crossEntropy(rows) },
        options,
      ),
    ),
  );
  const adam_params = {
    ...ADAM,
    learning_rate: work.learningRate,
    weight_decay: config.weightDecay,
    grad_clip_norm: config.gradClipNorm,
  };
  const optimStep = workRequest(api, "optim_step", optimStepResult, (options) =>
    api.optimStep({ ...nextIds(target), adam_params }, options),
  );
  return {
    requests: [...passes, optimStep],
    result: () => ({
      ...work,
      loss: lossOf(parts, passes),
      gradNorm: metricOf(optimStep.answer().metrics, "grad_norm"),
      tokens: batch.reduce((sum, row) => sum + row.tokens.length, 0),
    }),
  };
}

/** The loss over some rows without touching the weights. */
export function prepareValidation(
  api: TrainingApi,
  target: ModelTarget,
  work: Extract<Work, { kind: "validate" }>,
  rows: TokenRow[],
): PreparedWork {
  const parts = splitBatch(rows);
  const requests = parts.map((part) =>
    workRequest(api, "forward", forwardResult, (options) =>
      api.forward({ ...nextIds(target), forward_input: crossEntropy(part) }, options),
    ),
  );
  return { requests, result: () => ({ ...work, loss: lossOf(parts, requests) }) };
}

function crossEntropy(rows: TokenRow[]) {
  return { data: rows.map(toDatum), loss_fn: "cross_entropy" };
}

/** Null where the server tells nothing of any row; of some rows alone there is no mean. */
function lossOf(parts: TokenRow[][], passes: WorkRequest<ForwardResult>[]): number | null {
  const losses = passes.flatMap((pass, index) => lossesOf(pass.answer(), parts[index] ?? []));
  const told = losses.filter((loss) => loss !== null);
  if (told.length === 0) return null;
  return told.length === losses.length ? meanLoss(told) : Number.NaN;
}

/** Losses of the rows of one call; where the server sends no logprobs, its own mean over the call stands for them, if it tells one. */
function lossesOf({ logprobs, metrics }: ForwardResult, rows: TokenRow[]): (LossSum | null)[] {
  const weights = rows.map(targetWeights);
  const trained = weights.map((row) => row.reduce((sum, weight) => sum + weight, 0));
  const told = toldLoss(
    metrics,
    trained.reduce((sum, count) => sum + count, 0),
  );
  return weights.map((row, index) => {
    const own = lossOfRow(logprobs[index] ?? null, row);
    const trainedTokens = trained[index] ?? 0;
    return own ?? (told === null ? null : { nats: told * trainedTokens, trainedTokens });
  });
}

/** Servers decorate the names of their metrics: the first that begins so. */
function metricOf(metrics: Record<string, number>, prefix: string): number | null {
  return Object.entries(metrics).find(([name]) => name.startsWith(prefix))?.[1] ?? null;
}
