/** One training sequence. Every array has the same length T; `targets[t]` is what should follow `tokens[0..t]`. */
export interface TrainRow {
  tokens: Int32Array;
  targets: Int32Array;
  /** 0 leaves a position out; the losses say what other values mean. */
  weights: Float32Array;
  /** Natural log probabilities of `targets` under the sampling policy; required by `importance_sampling` and `ppo`. */
  oldLogprobs?: Float32Array;
  /** Per-token advantages; required by `importance_sampling` and `ppo`. */
  advantages?: Float32Array;
  /** Natural log probabilities of `targets` under the reference policy; required by `dpo`. */
  refLogprobs?: Float32Array;
}

/**
 * - `cross_entropy`: `sum(-logprob * weight) / sum(|weight|)` over all rows of one call; 0 and no gradient when every weight is 0
 * - `importance_sampling`: `-sum(exp(logprob - old) * advantage)` over positions whose weight is not 0
 * - `ppo`: `-sum(min(ratio * advantage, clip(ratio) * advantage))` over positions whose weight is not 0
 * - `dpo`: rows are pairs, chosen then rejected; mean over the pairs, plus `dpo_sft_weight` times the mean of `-logprob` over
 *   the chosen rows, each over positions whose weight is not 0
 */
export type LossName = PointwiseLoss | "dpo";

/** A loss that is a sum over positions. */
export type PointwiseLoss = "cross_entropy" | "importance_sampling" | "ppo";

export type PreferenceForm = "sigmoid" | "hinge" | "ipo" | "kto_pair";

export interface LossConfig {
  /** Lower bound of the probability ratio for `ppo`; default 0.8. */
  clip_low_threshold?: number;
  /** Upper bound of the probability ratio for `ppo`; default 1.2. */
  clip_high_threshold?: number;
  /** Default 0.1. */
  dpo_beta?: number;
  /** Default `sigmoid`. */
  dpo_loss_type?: PreferenceForm;
  /** Default 0. */
  dpo_sft_weight?: number;
}

export interface LossResult {
  loss: number;
  /** One array of length T for each row, natural log; 0 where the row's weight is 0. */
  logprobs: Float32Array[];
  /** With `dpo` only. */
  pairs?: PreferencePair[];
}

/** Sums over the scored positions of one row of a pair. */
export interface PreferenceSide {
  logprob: number;
  refLogprob: number;
  /** `beta * (logprob - refLogprob)` */
  reward: number;
}

export interface PreferencePair {
  chosen: PreferenceSide;
  rejected: PreferenceSide;
}

export interface AdamParams {
  learningRate: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** Largest global gradient norm; 0 means no clipping. */
  gradClipNorm: number;
}

export interface AdapterOptions {
  rank: number;
  alpha: number;
  seed: number;
}

/** LoRA weights under their PEFT names, such as `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`. */
export interface AdapterTensors {
  rank: number;
  alpha: number;
  tensors: Map<string, { shape: [number, number]; data: Float32Array }>;
}

/** Adam moments under the same names as {@link AdapterTensors}; `step` counts finished optimizer steps. */
export interface OptimizerTensors {
  step: number;
  firstMoment: Map<string, Float32Array>;
  secondMoment: Map<string, Float32Array>;
}

export interface SampleRequest {
  /** Adapter id, or null for the plain base model. */
  adapter: string | null;
  prompt: Int32Array;
  /** Number of answers, 1 unless given; they share the work on the prompt. */
  count?: number;
  maxTokens: number;
  /** 0 picks the most likely token. */
  temperature: number;
  /** Between 0 (exclusive) and 1; 1 keeps every token. */
  topP: number;
  /** 0 or less keeps every token. */
  topK: number;
  /** The same seed and request give the same answers, whatever else runs. Each answer draws from a stream of its own. */
  seed: number;
  stopTokens: readonly number[];
  promptLogprobs?: boolean;
  /** So many likeliest tokens at each position of the prompt, 0 unless given. */
  topPromptLogprobs?: number;
}

export interface SampledToken {
  token: number;
  /** Natural log probability under the unmodified distribution (temperature 1, no truncation). */
  logprob: number;
}

export interface SampledSequence {
  /** Includes the token that ended it. */
  tokens: number[];
  logprobs: number[];
  stopReason: "stop" | "length";
}

export interface SampleResult {
  sequences: SampledSequence[];
  /** Length of the prompt, null at index 0; only present when asked for. */
  promptLogprobs?: (number | null)[];
  /** Length of the prompt, null at index 0, then [token, logprob], likeliest first; only present when asked for. */
  topPromptLogprobs?: ([number, number][] | null)[];
}

export interface SampleOptions {
  signal: AbortSignal;
  /** Called in order for every token of an answer as it arrives; "stop" ends that answer with this token. */
  onToken?: (index: number, token: SampledToken) => "stop" | undefined;
  /** Called when an answer has ended, while others may go on. */
  onEnd?: (index: number, sequence: SampledSequence) => void;
}

/** Shape of a decoder, read from a Hugging Face `config.json` by `parseModelConfig`. */
export interface ModelConfig {
  hiddenSize: number;
  layerCount: number;
  headCount: number;
  kvHeadCount: number;
  headDim: number;
  intermediateSize: number;
  vocabSize: number;
  ropeTheta: number;
  rmsNormEps: number;
  /** The output head shares the embedding matrix. */
  isHeadTied: boolean;
  hasQkvBias: boolean;
  /** Queries and keys of each head are normalised before the rotation, as in Qwen3. */
  hasHeadNorms: boolean;
  maxPositions: number;
}
