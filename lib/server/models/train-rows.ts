import type { z } from "zod";

import type { forwardInputSchema, loraConfigSchema } from "@/lib/protocol/training";
import type { WireModelInput } from "@/lib/protocol/tensors";

import type { LossConfig, LossName, ModelConfig, PreferenceForm, TrainRow } from "../engine/types";
import { refusal } from "../http/errors";

const MAX_INPUT_TOKENS = 16_000;
const MAX_RANK = 64;

type ForwardInput = z.output<typeof forwardInputSchema>;
type WireValues = ForwardInput["data"][number]["loss_fn_inputs"][string];

export interface TrainBatch {
  rows: TrainRow[];
  tokenCount: number;
  loss: LossName;
  config: LossConfig;
  /** Compute with the base model alone. */
  isWithoutAdapter: boolean;
}

/** What `loss_fn` may say; with `ref_logps` in the rows, `importance_sampling` stands for preference training. */
const LOSSES: readonly LossName[] = ["cross_entropy", "importance_sampling", "ppo"];

/**
 * A checked batch in the engine's form.
 *
 * @throws WireError 400 that names the row and the field
 */
export function readTrainBatch(input: ForwardInput, model: ModelConfig): TrainBatch {
  const named = LOSSES.find((name) => name === input.loss_fn);
  if (!named)
    throw refusal(400, `loss_fn "${input.loss_fn}" is unknown here; use ${LOSSES.join(", ")}.`);
  const { data } = input;
  if (data.length === 0) throw refusal(400, "The batch is empty; send at least one row in data.");
  const isPreference =
    named === "importance_sampling" && data.some((datum) => datum.loss_fn_inputs["ref_logps"]);
  const loss = isPreference ? "dpo" : named;
  if (isPreference && data.length % 2 !== 0) {
    throw refusal(
      400,
      `Rows with ref_logps are pairs, chosen then rejected; ${data.length} rows are none.`,
    );
  }
  const rows = data.map((datum, index) => {
    const row = new RowReader(datum.loss_fn_inputs, index);
    const tokens = row.tokens(datum.model_input, model);
    const { length } = tokens;
    const targets = row.tokenIds("target_tokens", length, model.vocabSize);
    const weights = row.floats("weights", length) ?? new Float32Array(length).fill(1);
    return { tokens, targets, weights, ...readLossInputs(row, length, loss) };
  });
  const total = rows.reduce((sum, row) => sum + row.tokens.length, 0);
  if (total > MAX_INPUT_TOKENS) {
    throw refusal(
      400,
      `Input tokens (${total}) exceed maximum allowed (${MAX_INPUT_TOKENS}); split the batch into several calls.`,
    );
  }
  return { rows, loss, tokenCount: total, ...readLossConfig(input.loss_fn_config ?? {}) };
}

function readLossInputs(row: RowReader, length: number, loss: LossName): Partial<TrainRow> {
  switch (loss) {
    case "cross_entropy":
      return {};
    case "dpo":
      return { refLogprobs: row.requiredFloats("ref_logps", length, "preference training") };
    case "importance_sampling":
    case "ppo":
      return {
        oldLogprobs: row.requiredFloats("logprobs", length, loss),
        advantages: row.requiredFloats("advantages", length, loss),
      };
  }
}

/**
 * The ids of a prompt.
 *
 * @throws WireError 400 when it is empty, too long or holds ids outside the vocabulary
 */
export function readPrompt(input: WireModelInput, model: ModelConfig): Int32Array {
  const ids = input.chunks.flatMap((chunk) => chunk.tokens);
  checkTokens(ids, model, "The prompt");
  return Int32Array.from(ids);
}

/** @throws WireError 400 */
export function readRank(config: z.output<typeof loraConfigSchema> | null | undefined): number {
  if (!config)
    throw refusal(400, "lora_config is required: this server trains LoRA adapters only.");
  const { rank } = config;
  if (Number.isInteger(rank) && rank >= 1 && rank <= MAX_RANK) return rank;
  throw refusal(400, `lora_config.rank is ${rank}; use a whole number from 1 to ${MAX_RANK}.`);
}

class RowReader {
  private readonly inputs: Record<string, WireValues>;
  private readonly index: number;

  constructor(inputs: Record<string, WireValues>, index: number) {
    this.inputs = inputs;
    this.index = index;
  }

  tokens(input: WireModelInput, model: ModelConfig): Int32Array {
    const ids = input.chunks.flatMap((chunk) => chunk.tokens);
    checkTokens(ids, model, `data[${this.index}].model_input`);
    return Int32Array.from(ids);
  }

  tokenIds(name: string, length: number, vocabSize: number): Int32Array {
    const values = this.values(name, length);
    if (!values) throw refusal(400, `${this.place(name)} is missing.`);
    const wrong = values.findIndex((id) => !isToken(id, vocabSize));
    if (wrong !== -1) {
      throw refusal(
        400,
        `${this.place(name)}[${wrong}] is ${values[wrong]}; token ids are whole numbers from 0 to ${vocabSize - 1}.`,
      );
    }
    return Int32Array.from(values as number[]);
  }

  floats(name: string, length: number): Float32Array | null {
    const values = this.values(name, length);
    if (!values) return null;
    const wrong = values.findIndex(
      (value) => value === null || !Number.isFinite(Math.fround(value)),
    );
    if (wrong !== -1) throw refusal(400, `${this.place(name)}[${wrong}] is not a finite number.`);
    return Float32Array.from(values as number[]);
  }

  requiredFloats(name: string, length: number, purpose: string): Float32Array {
    const values = this.floats(name, length);
    if (!values) throw refusal(400, `${this.place(name)} is missing; ${purpose} needs it.`);
    return values;
  }

  private values(name: string, length: number): (number | null)[] | null {
    const input = this.inputs[name];
    if (!input) return null;
    const values = Array.isArray(input) ? input : input.data;
    if (values.length !== length) {
      throw refusal(
        400,
        `${this.place(name)} has ${values.length} values for ${length} tokens; both must be the same.`,
      );
    }
    return values;
  }

  private place(name: string): string {
    return `data[${this.index}].loss_fn_inputs.${name}`;
  }
}

function checkTokens(
  ids: readonly number[],
  { vocabSize, maxPositions }: ModelConfig,
  place: string,
): void {
  if (ids.length === 0) throw refusal(400, `${place} holds no tokens.`);
  if (ids.length > maxPositions) {
    throw refusal(
      400,
      `${place} has ${ids.length} tokens; the model takes at most ${maxPositions}.`,
    );
  }
  const wrong = ids.findIndex((id) => !isToken(id, vocabSize));
  if (wrong !== -1) {
    throw refusal(
      400,
      `${place}: token ${wrong} is ${ids[wrong]}; token ids are whole numbers from 0 to ${vocabSize - 1}.`,
    );
  }
}

function isToken(id: number | null, vocabSize: number): boolean {
  return id !== null && Number.isInteger(id) && id >= 0 && id < vocabSize;
}

const FORMS: readonly PreferenceForm[] = ["sigmoid", "hinge", "ipo", "kto_pair"];

function readLossConfig(
  wire: Record<string, unknown>,
): Pick<TrainBatch, "config" | "isWithoutAdapter"> {
  const config: LossConfig = {};
  for (const name of [
    "clip_low_threshold",
    "clip_high_threshold",
    "dpo_beta",
    "dpo_sft_weight",
  ] as const) {
    const value = wire[name] ?? null;
    if (value === null) continue;
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      throw refusal(400, `loss_fn_config.${name} must be a number of at least 0.`);
    config[name] = value;
  }
  if (config.dpo_beta === 0) throw refusal(400, "loss_fn_config.dpo_beta must be above 0.");
  const form = wire["dpo_loss_type"] ?? null;
  if (form !== null) {
    const known = FORMS.find((name) => name === form);
    if (!known)
      throw refusal(400, `loss_fn_config.dpo_loss_type must be one of ${FORMS.join(", ")}.`);
    config.dpo_loss_type = known;
  }
  // The Python SDK sends every value as a number.
  return { config, isWithoutAdapter: Boolean(wire["disable_lora"]) };
}
