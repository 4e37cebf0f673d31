import type { RunConfig } from "./types";

/** Fields that hold a number; the draft keeps them as they were typed. */
interface NumberRule {
  min: number;
  max: number;
  isWhole: boolean;
  /** The smallest value itself is not allowed. */
  isAboveMin?: boolean;
}

export const NUMBER_RULES = {
  loraRank: { min: 1, max: 512, isWhole: true },
  epochs: { min: 1, max: 1000, isWhole: true },
  batchSize: { min: 1, max: 1024, isWhole: true },
  learningRate: { min: 0, max: 1, isWhole: false, isAboveMin: true },
  warmupSteps: { min: 0, max: 1_000_000, isWhole: true },
  maxLength: { min: 2, max: 1_000_000, isWhole: true },
  validationPercent: { min: 0, max: 50, isWhole: false },
  seed: { min: 0, max: 2 ** 31 - 1, isWhole: true },
  saveSteps: { min: 1, max: 1_000_000, isWhole: true },
  weightDecay: { min: 0, max: 1, isWhole: false },
  gradClipNorm: { min: 0, max: 1000, isWhole: false },
  submitAhead: { min: 0, max: 8, isWhole: true },
} as const satisfies Record<string, NumberRule>;
export type NumberField = keyof typeof NUMBER_RULES;

export type RunDraft = Record<NumberField, string> &
  Pick<RunConfig, "name" | "schedule" | "overLength"> & { saveUnit: "epoch" | "steps" };
export type DraftField = keyof RunDraft;

/** What is wrong with a field; the message files hold `newRun.problem.<code>`. */
export type DraftProblem =
  | { code: "required" | "not_a_number" | "not_whole" | "control_characters" }
  | { code: "too_long" | "too_large"; max: number }
  | { code: "too_small" | "not_above"; min: number };

export interface ParsedDraft {
  /** Null while a field is wrong. */
  config: RunConfig | null;
  problems: Partial<Record<DraftField, DraftProblem>>;
}

const LONGEST_NAME = 64;
const DEFAULT_SAVE_STEPS = 50;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** A config as the form shows it. */
export function draftOf(config: RunConfig): RunDraft {
  return {
    name: config.name,
    schedule: config.schedule,
    overLength: config.overLength,
    saveUnit: config.saveEvery.unit,
    saveSteps: String(
      config.saveEvery.unit === "steps" ? config.saveEvery.steps : DEFAULT_SAVE_STEPS,
    ),
    loraRank: String(config.loraRank),
    epochs: String(config.epochs),
    batchSize: String(config.batchSize),
    learningRate: rateText(config.learningRate),
    warmupSteps: String(config.warmupSteps),
    maxLength: String(config.maxLength),
    validationPercent: String(Number((config.validationShare * 100).toFixed(2))),
    seed: String(config.seed),
    weightDecay: String(config.weightDecay),
    gradClipNorm: String(config.gradClipNorm),
    submitAhead: String(config.submitAhead),
  };
}

/**
 * The config that a draft says, over what the form does not ask for.
 *
 * @param limits - largest max length that the model takes, null when it does not say
 */
export function parseDraft(
  draft: RunDraft,
  base: RunConfig,
  limits: { maxPositions: number | null },
): ParsedDraft {
  const problems: ParsedDraft["problems"] = {};
  const numbers: Partial<Record<NumberField, number>> = {};
  for (const field of Object.keys(NUMBER_RULES) as NumberField[]) {
    if (field === "saveSteps" && draft.saveUnit === "epoch") continue;
    const rule: NumberRule = NUMBER_RULES[field];
    const max = field === "maxLength" ? (limits.maxPositions ?? rule.max) : rule.max;
    const value = parseNumber(draft[field], { ...rule, max });
    if (typeof value === "number") numbers[field] = value;
    else problems[field] = value;
  }
  const nameProblem = checkName(draft.name);
  if (nameProblem) problems.name = nameProblem;
  if (Object.keys(problems).length > 0) return { config: null, problems };

  const { validationPercent, saveSteps, ...plain } = numbers as Record<NumberField, number>;
  const config: RunConfig = {
    ...base,
    ...plain,
    name: draft.name.trim(),
    schedule: draft.schedule,
    overLength: draft.overLength,
    validationShare: validationPercent / 100,
    saveEvery: draft.saveUnit === "epoch" ? { unit: "epoch" } : { unit: "steps", steps: saveSteps },
  };
  return { config, problems };
}

function parseNumber(text: string, rule: NumberRule): number | DraftProblem {
  const trimmed = text.trim();
  if (trimmed === "") return { code: "required" };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { code: "not_a_number" };
  if (rule.isWhole && !Number.isInteger(value)) return { code: "not_whole" };
  if (rule.isAboveMin && value <= rule.min) return { code: "not_above", min: rule.min };
  if (value < rule.min) return { code: "too_small", min: rule.min };
  if (value > rule.max) return { code: "too_large", max: rule.max };
  return value;
}

function checkName(name: string): DraftProblem | null {
  if (name.trim() === "") return { code: "required" };
  if (CONTROL_CHARACTER.test(name)) return { code: "control_characters" };
  return name.trim().length > LONGEST_NAME ? { code: "too_long", max: LONGEST_NAME } : null;
}

/** `2e-4` rather than `0.0002`. */
function rateText(rate: number): string {
  return rate > 0 && rate < 0.001 ? rate.toExponential() : String(rate);
}
