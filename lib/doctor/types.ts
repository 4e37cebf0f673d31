import type { ErrorReport } from "@/lib/base/errors";
import type { ServerTraits } from "./traits";

/** The journey in small, in its order. */
export const DOCTOR_STEPS = [
  "reach",
  "models",
  "routes",
  "session",
  "capacity",
  "create_model",
  "train",
  "loss",
  "forward",
  "resend",
  "save",
  "runs",
  "sample",
  "sample_checkpoint",
  "adapter",
  "sampling_options",
  "stream",
  "load",
  "unload",
  "delete",
] as const;
export type DoctorStep = (typeof DOCTOR_STEPS)[number];

/**
 * `absent`: the server has no such call, and the studio does without. `differs`: it works in another way than on most servers.
 * `skipped`: what it needs was not there.
 */
export type DoctorOutcome = "ok" | "absent" | "differs" | "failed" | "skipped";

/** What a line means for the user: a sentence each in the message files (`doctor.codes.<code>`) and in English here. */
export const DOCTOR_SENTENCES = {
  reached: "The server answers.",
  model_listed: "The server offers the base model.",
  model_not_listed: "The server does not list the base model: training it will be refused.",
  routes_asked: "Which calls the server has.",
  session_kept: "Sessions can be opened and kept alive.",
  slots_free: "There is a free LoRA slot.",
  slots_not_counted: "The server counts its LoRA slots once a model was made.",
  no_slot_free: "All LoRA slots are taken: a run waits until one is free.",
  model_made: "A LoRA model can be made.",
  steps_taken: "The server trains.",
  loss_falls: "The loss falls, so the server really learns.",
  loss_does_not_fall:
    "The loss does not fall: the server takes steps and does not learn from them.",
  no_loss_told: "The server tells no loss: a run trains without a curve.",
  forward_scores: "Rows can be scored without training on them.",
  no_logprobs: "The server tells no probabilities of tokens: validation uses its own loss.",
  resend_same_future: "The same request sent again is carried out once.",
  resend_refused: "The same request sent again is refused.",
  resend_runs_twice:
    "The same request sent again is carried out again: the studio never sends a step twice, and goes back to the last checkpoint instead.",
  saved: "Checkpoints can be saved.",
  name_changed: "The server saves checkpoints under another name than asked for.",
  run_listed: "Runs and their checkpoints are listed.",
  run_not_listed: "The run is not in the server's list: runs of other browsers stay unseen.",
  checkpoint_not_listed: "The checkpoint is not in the run's list.",
  load_restores: "A loaded checkpoint scores as it did when it was saved.",
  load_changes_loss:
    "A loaded checkpoint scores otherwise than when it was saved: do not trust resumed runs.",
  samples: "The base model can be sampled.",
  samples_training_checkpoint: "Checkpoints can be sampled as they are.",
  needs_sampler_save: "A checkpoint has to be saved for the sampler before it can be sampled.",
  adapter_on: "A checkpoint answers otherwise than the base model: the adapter is on.",
  adapter_not_seen:
    "A checkpoint answers exactly as the base model: the sampler seems to leave the adapter out.",
  options_honoured: "Temperature 0 is greedy, and a seed repeats an answer.",
  options_ignored: "Temperature 0 or the seed has no effect when tokens are sampled.",
  streams: "Chat answers come as they are written.",
  whole_answer: "Chat answers come at once, not as they are written.",
  deleted: "Checkpoints can be deleted.",
  delete_did_nothing: "A deleted checkpoint is still listed.",
  slot_freed: "The LoRA slot is free again.",
  route_absent: "The server does not have this call; the studio does without.",
  call_failed: "The server did not do it.",
  adapters_lost: "The server has lost its adapters: nobody can train until it is started again.",
  not_reached: "Not tried: a step that it needs did not succeed.",
} as const;
export type DoctorCode = keyof typeof DOCTOR_SENTENCES;

/** One call and its answer, without secrets and cut to a readable length. */
export interface Exchange {
  method: string;
  path: string;
  sent: string | null;
  /** HTTP status where the server refused; null for an answer and for no answer at all. */
  status: number | null;
  got: string;
  ms: number;
}

export interface Finding {
  outcome: DoctorOutcome;
  code: DoctorCode;
  /** Numbers and names that the sentence is about. */
  facts?: Record<string, string | number>;
}

export interface DoctorLine extends Finding {
  step: DoctorStep;
  error: ErrorReport | null;
  ms: number;
  exchanges: Exchange[];
}

export interface DoctorReport {
  baseModel: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  lines: DoctorLine[];
  traits: ServerTraits;
  /** Checkpoints and models that could not be removed. */
  leftBehind: string[];
}
