import * as z from "zod/mini";
import type { CallOptions } from "@/lib/client/transport";
import { loadWeightsResult, saveWeightsResult } from "@/lib/protocol/weights";
import { done, modelOf, nextIds, toTheEnd, type CheckpointRef, type Patient } from "./patient";
import { compareScores, createModel } from "./training-steps";
import type { Finding } from "./types";

const NAME = "studio-doctor";

export async function save(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, made, traits } = patient;
  const model = modelOf(patient);
  const expected = { runId: model.id, id: `weights/${NAME}` };
  made.checkpoints.set(refKey(expected), expected);
  const request = { ...nextIds(model), path: NAME };
  const { path } = await done(
    patient,
    api.saveWeights(request, toTheEnd(options)),
    saveWeightsResult,
    options,
  );
  const ref = refOf(path, model.id);
  made.checkpoints.delete(refKey(expected));
  made.checkpoints.set(refKey(ref), ref);
  patient.trainingPath = path;
  traits.pathPrefix = /^\w+:\/\//.exec(path)?.[0] ?? null;
  return path.endsWith(`/${NAME}`)
    ? { outcome: "ok", code: "saved", facts: { path } }
    : { outcome: "differs", code: "name_changed", facts: { path } };
}

/** Saves for the sampler, and takes that path for the samples to come. */
export async function saveForSampler(patient: Patient, options: CallOptions): Promise<void> {
  const { api, made } = patient;
  const model = modelOf(patient);
  const name = `${NAME}-sampler`;
  const expected = { runId: model.id, id: `sampler_weights/${name}` };
  made.checkpoints.set(refKey(expected), expected);
  const request = { ...nextIds(model), path: name };
  const sent = api.saveWeightsForSampler(request, toTheEnd(options));
  const { path } = await done(patient, sent, saveWeightsResult, options);
  const ref = refOf(path, model.id);
  made.checkpoints.delete(refKey(expected));
  made.checkpoints.set(refKey(ref), ref);
  patient.sampledPath = path;
}

export async function listRuns(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, trainingPath } = patient;
  const runId = modelOf(patient).id;
  const { runs } = await api.trainingRuns({ limit: 50, offset: 0 }, options);
  if (!runs.some(({ id }) => id === runId)) return { outcome: "differs", code: "run_not_listed" };
  const checkpoints = await api.checkpoints(runId, options);
  return checkpoints.some(({ path }) => path === trainingPath)
    ? { outcome: "ok", code: "run_listed" }
    : { outcome: "differs", code: "checkpoint_not_listed" };
}

/**
 * Into a new model, with one slot at a time. Without the optimizer: its load fails on some servers, and breaks training
 * for everybody there.
 */
export async function load(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, trainingPath } = patient;
  await unload(patient, options);
  await createModel(patient, options);
  const path = trainingPath ?? "";
  const request = { ...nextIds(modelOf(patient)), path, optimizer: false };
  await done(patient, api.loadWeights(request, options), loadWeightsResult, options);
  return compareScores(patient, options);
}

export async function removeCheckpoints(patient: Patient, options: CallOptions): Promise<Finding> {
  const { api, made, trainingPath } = patient;
  for (const [key, { runId, id }] of made.checkpoints) {
    await api.deleteCheckpoint(runId, id, options);
    made.checkpoints.delete(key);
    const left = await api.checkpoints(runId, options);
    if (left.some(({ path }) => path === trainingPath))
      return { outcome: "failed", code: "delete_did_nothing" };
  }
  return { outcome: "ok", code: "deleted" };
}

export async function unload(patient: Patient, options: CallOptions): Promise<Finding> {
  const { id } = modelOf(patient);
  await done(patient, patient.api.unloadModel(id, options), z.unknown(), options);
  patient.made.models.delete(id);
  patient.model = null;
  return { outcome: "ok", code: "slot_freed" };
}

export function refKey({ runId, id }: CheckpointRef): string {
  return `${runId}/${id}`;
}

/** Paths are opaque, but those seen end in what `delete` asks for. */
function refOf(path: string, runId: string): CheckpointRef {
  const [, run, id] = /^\w+:\/\/([^/]+)\/((?:sampler_)?weights\/[^/]+)$/.exec(path) ?? [];
  return { runId: run ?? runId, id: id ?? `weights/${path.split("/").at(-1)}` };
}
