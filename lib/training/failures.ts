import type { ErrorReport } from "@/lib/base/errors";

/**
 * What a failure of a call means for the run.
 * `not_executed`: the server did nothing, so the call may be sent again. `ambiguous`: it may have acted, or not.
 * `adapters_lost`: nothing can be trained until the server is started again, as Twinkle 0.5.1 after a load that failed.
 */
export type FailureKind =
  "not_executed" | "no_free_slot" | "adapters_lost" | "model_gone" | "refused" | "ambiguous";

/** Sentences of servers; a step of the optimizer without gradients is what follows a rejected forward_backward. */
const NOT_EXECUTED = /rate limit exceeded|no accumulated gradients/i;
const NO_FREE_SLOT = /no lora available|no free (lora|adapter|slot)/i;
const ADAPTERS_LOST = /adapter \S+ not found/i;

export function failureKind(error: ErrorReport): FailureKind {
  switch (error.code) {
    case "future_failed":
      if (NOT_EXECUTED.test(error.message)) return "not_executed";
      if (ADAPTERS_LOST.test(error.message)) return "adapters_lost";
      return NO_FREE_SLOT.test(error.message) ? "no_free_slot" : "refused";
    case "rate_limited":
    case "other_server":
      return "not_executed";
    case "model_gone":
    case "future_lost":
      return "model_gone";
    case "unauthorized":
    case "forbidden":
    case "bad_request":
    case "bad_path":
    case "not_found":
    case "too_large":
    case "unusable_answer":
    case "not_a_training_server":
      return "refused";
    default:
      return "ambiguous";
  }
}

/** True for a failed load of a checkpoint whose weights would load, but not its optimizer state. */
export function isOptimizerStateRefused(error: ErrorReport): boolean {
  return error.code === "future_failed" && /parameter group/i.test(error.message);
}
