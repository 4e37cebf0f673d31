import { isAbort, WireError } from "@/lib/base/errors";
import type { CallOptions } from "@/lib/client/transport";
import { DOCTOR_MARK } from "@/lib/protocol/checkpoints";
import {
  createModelResult,
  forwardResult,
  optimStepResult,
  type ForwardResult,
} from "@/lib/protocol/training";
import { targetWeights, toDatum } from "@/lib/training/datum";
import { lossOfRow, meanLoss, toldLoss } from "@/lib/training/loss";
import { done, modelOf, nextIds, PROBE_ROWS, toTheEnd, type Patient } from "./patient";
import type { Finding } from "./types";

const RANK = 8;
const LEARNING_RATE = 0.01;
const STEPS = 3;
/** A small loss makes sure that the adapter shows when it is sampled. */
const MOST_STEPS = 12;
const LEARNED_SHARE = 0.7;
const ADAM = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0, grad_clip_norm: 1 };
const BATCH = { data: PROBE_ROWS.map(toDatum), loss_fn: "cross_entropy" };

export async function createModel(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, made, baseModel, sessionId } = patient;
  const request = {
    session_id: sessionId ?? "",
    model_seq_id: patient.modelSeqId++,
    base_model: baseModel,
    lora_config: { rank: RANK },
    user_metadata: { [DOCTOR_MARK]: "1" },
  };
  const sent = await api.createModel(request, toTheEnd(options));
  made.creating.add(sent.requestId);
  const { modelId } = await done(patient, Promise.resolve(sent), createModelResult, options);
  made.creating.delete(sent.requestId);
  made.models.add(modelId);
  patient.model = { id: modelId, seqId: 0 };
  return { outcome: "ok", code: "model_made", facts: { model: modelId } };
}

export async function takeSteps(patient: Patient, options: CallOptions): Promise<Finding> {
  for (let step = 0; step < STEPS; step++) await takeStep(patient, options);
  return { outcome: "ok", code: "steps_taken", facts: { steps: STEPS } };
}

export async function lowerLoss(patient: Patient, options: CallOptions): Promise<Finding> {
  const { stepLosses } = patient;
  const firstLoss = stepLosses[0] ?? Number.NaN;
  const lastLoss = () => stepLosses.at(-1) ?? Number.NaN;
  if (Number.isNaN(firstLoss)) return { outcome: "differs", code: "no_loss_told" };
  while (stepLosses.length < MOST_STEPS && lastLoss() > firstLoss * LEARNED_SHARE)
    await takeStep(patient, options);
  const facts = { steps: stepLosses.length, firstLoss, lastLoss: lastLoss() };
  return lastLoss() < firstLoss
    ? { outcome: "ok", code: "loss_falls", facts }
    : { outcome: "failed", code: "loss_does_not_fall", facts };
}

async function takeStep(patient: Patient, options: CallOptions): Promise<void> {
  const { api, traits, stepLosses } = patient;
  const model = modelOf(patient);
  const pass = { ...nextIds(model), forward_backward_input: BATCH };
  const passed = await done(patient, api.forwardBackward(pass, options), forwardResult, options);
  const step = { ...nextIds(model), adam_params: { ...ADAM, learning_rate: LEARNING_RATE } };
  const stepped = await done(patient, api.optimStep(step, options), optimStepResult, options);
  stepLosses.push(lossOf(passed));
  traits.metricNames = {
    forwardBackward: Object.keys(passed.metrics),
    optimStep: Object.keys(stepped.metrics),
  };
}

export async function scoreRows(patient: Patient, options: CallOptions): Promise<Finding> {
  const loss = await scored(patient, options);
  patient.lossAtSave = loss;
  return Number.isNaN(loss)
    ? { outcome: "differs", code: "no_logprobs" }
    : { outcome: "ok", code: "forward_scores", facts: { loss } };
}

/** The same `forward`, which changes nothing, twice under one `seq_id`. */
export async function resendRequest(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, traits } = patient;
  const request = { ...nextIds(modelOf(patient)), forward_input: BATCH };
  const first = await api.forward(request, options);
  await done(patient, Promise.resolve(first), forwardResult, options);
  try {
    const second = await api.forward(request, options);
    await done(patient, Promise.resolve(second), forwardResult, options);
    traits.resend = second.requestId === first.requestId ? "same_future" : "runs_twice";
  } catch (error) {
    if (isAbort(error) || !(error instanceof WireError)) throw error;
    traits.resend = "refused";
  }
  return {
    outcome: traits.resend === "runs_twice" ? "differs" : "ok",
    code: `resend_${traits.resend}`,
  };
}

/** Whether the weights come back in a new model: some servers load into nothing else. */
export async function compareScores(patient: Patient, options: CallOptions): Promise<Finding> {
  const loss = await scored(patient, options);
  const { lossAtSave, stepLosses } = patient;
  const saved = lossAtSave ?? Number.NaN;
  // Half of what training has won: weights in a 16-bit type do not come back to the last digit.
  const room = Math.max(0.02, Math.abs((stepLosses[0] ?? saved) - saved) / 2);
  const facts = { loss, lossAtSave: saved };
  if (Number.isNaN(loss) || Number.isNaN(saved)) return { outcome: "differs", code: "no_logprobs" };
  return Math.abs(loss - saved) <= room
    ? { outcome: "ok", code: "load_restores", facts }
    : { outcome: "failed", code: "load_changes_loss", facts };
}

async function scored(patient: Patient, options: CallOptions): Promise<number> {
  const request = { ...nextIds(modelOf(patient)), forward_input: BATCH };
  return lossOf(await done(patient, patient.api.forward(request, options), forwardResult, options));
}

function lossOf({ logprobs, metrics }: ForwardResult): number {
  const rows = PROBE_ROWS.map((row, at) => lossOfRow(logprobs[at] ?? null, targetWeights(row)));
  const own = rows.filter((row) => row !== null);
  if (own.length === PROBE_ROWS.length && !Number.isNaN(meanLoss(own))) return meanLoss(own);
  const trainedTokens = PROBE_ROWS.flatMap((row) => [...targetWeights(row)]).filter(Boolean).length;
  return toldLoss(metrics, trainedTokens) ?? Number.NaN;
}
