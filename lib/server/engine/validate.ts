import type {
  AdamParams,
  LossConfig,
  LossName,
  ModelConfig,
  SampleRequest,
  TrainRow,
} from "./types";

const LOSS_NAMES: readonly LossName[] = ["cross_entropy", "importance_sampling", "ppo", "dpo"];
const MAX_RANK = 64;

export function validateRank(rank: number): void {
  if (!Number.isInteger(rank) || rank < 1 || rank > MAX_RANK) {
    throw new Error(`The rank must be a whole number from 1 to ${MAX_RANK}; it is ${rank}.`);
  }
}

/** @throws Error that names the first row and value that cannot be trained on */
export function validateRows(
  rows: readonly TrainRow[],
  loss: LossName,
  lossConfig: LossConfig,
  config: ModelConfig,
  longestRow: number,
): void {
  if (!LOSS_NAMES.includes(loss))
    throw new Error(`Unknown loss "${String(loss)}"; use ${LOSS_NAMES.join(", ")}.`);
  for (const value of [lossConfig.clip_low_threshold, lossConfig.clip_high_threshold]) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new Error("Clip thresholds must be 0 or more.");
  }
  if (rows.length === 0) throw new Error("There are no rows to train on.");
  if (loss === "dpo" && rows.length % 2 !== 0)
    throw new Error("Preference rows come in pairs; their number is odd.");
  for (const [index, row] of rows.entries()) {
    const T = row.tokens.length;
    if (T === 0) throw new Error(`Row ${index} is empty.`);
    if (T > longestRow) {
      throw new Error(
        `Row ${index} has ${T} tokens; the local engine takes at most ${longestRow} with this model.`,
      );
    }
    expectLength(row.targets, T, `targets of row ${index}`);
    validateTokens(row.tokens, config, `Row ${index}`);
    validateTokens(row.targets, config, `Row ${index} (targets)`);
    validateNumbers(row.weights, T, `weights of row ${index}`);
    if (loss === "cross_entropy") continue;
    if (loss === "dpo") {
      if (!row.refLogprobs) throw new Error(`Row ${index} needs reference logprobs for dpo.`);
      validateNumbers(row.refLogprobs, T, `reference logprobs of row ${index}`);
      continue;
    }
    if (!row.oldLogprobs || !row.advantages)
      throw new Error(`Row ${index} needs logprobs and advantages for ${loss}.`);
    validateNumbers(row.oldLogprobs, T, `logprobs of row ${index}`);
    validateNumbers(row.advantages, T, `advantages of row ${index}`);
  }
}

export function validateSample(request: SampleRequest, config: ModelConfig): void {
  const { prompt, count = 1, maxTokens, temperature, topP, topK, seed } = request;
  if (prompt.length === 0) throw new Error("The prompt is empty.");
  if (prompt.length >= config.maxPositions) {
    throw new Error(
      `The prompt has ${prompt.length} tokens; the model has room for ${config.maxPositions} with the answer.`,
    );
  }
  validateTokens(prompt, config, "The prompt");
  if (!Number.isInteger(count) || count < 1)
    throw new Error("The number of answers must be a whole number of at least 1.");
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new Error("max_tokens must be a whole number of at least 1.");
  if (!Number.isFinite(temperature) || temperature < 0)
    throw new Error("temperature must be 0 or more.");
  if (!(topP > 0 && topP <= 1)) throw new Error("top_p must be more than 0 and at most 1.");
  if (!Number.isInteger(topK)) throw new Error("top_k must be a whole number.");
  if (!Number.isInteger(seed)) throw new Error("seed must be a whole number.");
}

export function validateAdam(params: AdamParams): void {
  const { learningRate, beta1, beta2, eps, weightDecay, gradClipNorm } = params;
  const isFine =
    [learningRate, weightDecay, gradClipNorm].every(
      (value) => Number.isFinite(value) && value >= 0,
    ) &&
    [beta1, beta2].every((beta) => beta >= 0 && beta < 1) &&
    eps > 0;
  if (!isFine)
    throw new Error(
      "Adam needs a learning rate, decay and clip norm of 0 or more, betas in [0, 1) and eps above 0.",
    );
}

function expectLength(values: ArrayLike<number>, length: number, what: string): void {
  if (values.length !== length)
    throw new Error(`The ${what} have length ${values.length}; the tokens have length ${length}.`);
}

function validateTokens(tokens: Int32Array, { vocabSize }: ModelConfig, what: string): void {
  const bad = tokens.find((token) => token < 0 || token >= vocabSize);
  if (bad !== undefined)
    throw new Error(
      `${what} has the token ${bad}; the vocabulary goes from 0 to ${vocabSize - 1}.`,
    );
}

function validateNumbers(values: Float32Array, length: number, what: string): void {
  expectLength(values, length, what);
  if (!values.every(Number.isFinite))
    throw new Error(`The ${what} contain a value that is not a finite number.`);
}
