import { assertNever } from "@/lib/base/assert-never";
import { end, fallBack, log, noting, pump, startingPoint } from "./run-moves";
import type { RunState, Transition, WorkResult } from "./run-state";
import type { SavedCheckpoint, StepPoint, ValidationPoint } from "./types";

/** Confirmations over which the speed is measured. */
const SPEED_WINDOW = 8;

/** What the success of the oldest work in flight comes to; `state` no longer counts it. */
export function onDone(state: RunState, result: WorkResult): Transition {
  if (state.held.length > 0) {
    // A work before it was not executed, so it ran on other weights than it was meant for.
    return fallBack(state, {
      code: "rate_limited",
      message: "the server left out a request",
      retryable: true,
    });
  }
  switch (result.kind) {
    case "create_model":
      return onModelCreated(state, result.modelId);
    case "load_weights":
      return noting(
        pump({ ...state, phase: "training" }),
        result.optimizer
          ? log(state, "info", "weights_loaded", { path: result.path })
          : log(state, "info", "weights_loaded_alone", { path: result.path }),
      );
    case "step":
      return onStep(state, result);
    case "validate":
      return result.loss === null
        ? pump(state)
        : onValidated(state, {
            step: result.step,
            loss: result.loss,
            at: state.record.updatedAt,
          });
    case "save":
      return onSaved(state, result);
    case "save_for_sampling":
      return answered(pump(state), result.command, result.path);
    default:
      return assertNever(result);
  }
}

function onModelCreated(state: RunState, modelId: string): Transition {
  const next: RunState = { ...state, record: { ...state.record, serverRunId: modelId } };
  if (state.ending) return end(next, state.ending.status);
  const { load } = startingPoint(state.record);
  return noting(
    load
      ? pump({ ...next, queue: [{ work: load, from: 0 }] })
      : pump({ ...next, phase: "training" }),
    log(state, "info", "model_created", { model: modelId }),
  );
}

function onStep(state: RunState, result: Extract<WorkResult, { kind: "step" }>): Transition {
  const at = state.record.updatedAt;
  const step = result.step + 1;
  // A server that has never told a loss trains all the same; one that has told some owes the others.
  const isUntold = result.loss === null && state.record.lastLoss === null;
  if (!isUntold && !Number.isFinite(result.loss)) {
    const message = `the loss of step ${step} is not a number`;
    return noting(
      end(state, "paused", {
        code: "unusable_answer",
        message,
        retryable: false,
        details: { reason: "loss", step },
      }),
      log(state, "error", "loss_not_a_number", { step }),
    );
  }
  const recent = [...state.recent, { at, tokens: result.tokens }].slice(-SPEED_WINDOW);
  const point: StepPoint = {
    step,
    loss: result.loss,
    learningRate: result.learningRate,
    gradNorm: result.gradNorm,
    tokens: result.tokens,
    tokensPerSecond: speedOf(recent),
    at,
  };
  const isProgress = step > state.furthestStep;
  const next: RunState = {
    ...state,
    record: { ...state.record, step, lastLoss: result.loss },
    recent,
    rateLimits: 0,
    recoveries: isProgress ? 0 : state.recoveries,
    furthestStep: Math.max(step, state.furthestStep),
  };
  const notes = isUntold && step === 1 ? [log(state, "warn", "no_loss_told", {})] : [];
  return noting(pump(next), { type: "step_confirmed", point }, ...notes);
}

/** Tokens a second between the oldest and the newest of some confirmations; null where no time has passed. */
function speedOf(recent: RunState["recent"]): number | null {
  const [oldest, ...later] = recent;
  const newest = later.at(-1);
  if (!oldest || !newest || newest.at <= oldest.at) return null;
  return (later.reduce((sum, { tokens }) => sum + tokens, 0) * 1000) / (newest.at - oldest.at);
}

function onValidated(state: RunState, point: ValidationPoint): Transition {
  const record = { ...state.record, lastValidationLoss: point.loss };
  return noting(
    pump({ ...state, record, lastValidation: point }),
    { type: "validated", point },
    log(state, "info", "validated", { step: point.step, loss: point.loss }),
  );
}

function onSaved(state: RunState, saved: Extract<WorkResult, { kind: "save" }>): Transition {
  const { record, lastValidation } = state;
  const checkpoint: SavedCheckpoint = {
    name: saved.path.split("/").at(-1) ?? saved.name,
    path: saved.path,
    nextStep: saved.nextStep,
    epoch: saved.epoch,
    loss: record.lastLoss,
    validationLoss: lastValidation?.step === saved.nextStep ? lastValidation.loss : null,
    savedAt: record.updatedAt,
  };
  const next = {
    ...state,
    saveFailures: 0,
    record: { ...record, checkpoints: [...record.checkpoints, checkpoint] },
  };
  return noting(
    pump(next),
    log(state, "info", "checkpoint_saved", { step: saved.nextStep, name: checkpoint.name }),
  );
}

function answered([state, effects]: Transition, command: number, path: string): Transition {
  return [state, [{ type: "answer", command, result: { path } }, ...effects]];
}
