import {
  draftOf,
  parseDraft,
  type DraftField,
  type DraftProblem,
  type RunDraft,
} from "./run-draft";
import type { RunConfig } from "./types";

/** The flags of the command line that are one field of the form each; values are written as the form takes them. */
const FIELD_OF_FLAG = {
  "run-name": "name",
  rank: "loraRank",
  epochs: "epochs",
  batch: "batchSize",
  "learning-rate": "learningRate",
  schedule: "schedule",
  "warmup-steps": "warmupSteps",
  "max-length": "maxLength",
  "over-length": "overLength",
  "validation-percent": "validationPercent",
  seed: "seed",
  "weight-decay": "weightDecay",
  "grad-clip": "gradClipNorm",
  "submit-ahead": "submitAhead",
} as const satisfies Record<string, DraftField>;

/** `epoch`, or a number of steps. */
const SAVE_FLAG = "save-every";

export type RunFlag = keyof typeof FIELD_OF_FLAG | typeof SAVE_FLAG;
export type RunFlagValues = Partial<Record<RunFlag, string>>;

/** Every flag that stands for a field of the form, in the order of the form. */
export const RUN_FLAGS = [...Object.keys(FIELD_OF_FLAG), SAVE_FLAG] as readonly RunFlag[];

const CHOICES: Partial<Record<DraftField, readonly string[]>> = {
  schedule: ["constant", "linear", "cosine"] satisfies RunConfig["schedule"][],
  overLength: ["drop", "cut_start"] satisfies RunConfig["overLength"][],
};

/**
 * The flags that make `config` out of `defaults`: those fields alone that differ, or all of them without defaults.
 * Not among them are dataset, base model and the checkpoint to start from.
 */
export function flagsOf(config: RunConfig, defaults: RunConfig | null): RunFlagValues {
  const wanted = valuesOf(draftOf(config));
  const given = defaults && valuesOf(draftOf(defaults));
  return Object.fromEntries(
    RUN_FLAGS.flatMap((flag) => (wanted[flag] === given?.[flag] ? [] : [[flag, wanted[flag]]])),
  );
}

/**
 * The config that flags say over the defaults.
 *
 * @param limits - largest max length that the model takes, null when it does not say
 * @throws RangeError with a sentence that names the first wrong flag and what it takes
 */
export function configOf(
  flags: RunFlagValues,
  defaults: RunConfig,
  limits: { maxPositions: number | null },
): RunConfig {
  const draft: Record<string, string> = { ...draftOf(defaults) };
  for (const [flag, value] of Object.entries(flags)) {
    if (flag === SAVE_FLAG) {
      draft["saveUnit"] = value === "epoch" ? "epoch" : "steps";
      if (value !== "epoch") draft["saveSteps"] = value;
      continue;
    }
    const field = FIELD_OF_FLAG[flag as keyof typeof FIELD_OF_FLAG];
    const choices = CHOICES[field];
    if (choices && !choices.includes(value))
      throw new RangeError(`--${flag} must be one of ${choices.join(", ")}, not "${value}".`);
    draft[field] = value;
  }
  const { config, problems } = parseDraft(draft as RunDraft, defaults, limits);
  if (config) return config;
  for (const [field, problem] of Object.entries(problems) as [DraftField, DraftProblem][])
    throw new RangeError(`--${flagOf(field)} ${sentence(problem)}, not "${draft[field]}".`);
  throw new RangeError("The flags make no run.");
}

function valuesOf(draft: RunDraft): Record<RunFlag, string> {
  const fields = Object.entries(FIELD_OF_FLAG).map(([flag, field]) => [flag, draft[field]]);
  const save = draft.saveUnit === "epoch" ? "epoch" : draft.saveSteps;
  return { ...(Object.fromEntries(fields) as Record<RunFlag, string>), [SAVE_FLAG]: save };
}

function flagOf(field: DraftField): RunFlag {
  const found = Object.entries(FIELD_OF_FLAG).find(([, name]) => name === field);
  return (found?.[0] as RunFlag | undefined) ?? SAVE_FLAG;
}

function sentence(problem: DraftProblem): string {
  switch (problem.code) {
    case "required":
      return "needs a value";
    case "not_a_number":
      return "must be a number";
    case "not_whole":
      return "must be a whole number";
    case "control_characters":
      return "must have no control characters";
    case "too_long":
      return `must have at most ${problem.max} characters`;
    case "too_large":
      return `must be at most ${problem.max}`;
    case "too_small":
      return `must be at least ${problem.min}`;
    case "not_above":
      return `must be above ${problem.min}`;
  }
}
