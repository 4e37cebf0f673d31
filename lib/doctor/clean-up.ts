import * as z from "zod/mini";
import { WireError } from "@/lib/base/errors";
import { awaitFuture } from "@/lib/client/futures";
import { withTimeLimit } from "@/lib/client/time-limit";
import type { CallOptions } from "@/lib/client/transport";
import { createModelResult } from "@/lib/protocol/training";
import { done, type Patient } from "./patient";
import { isRouteAbsent } from "./probe-routes";

const LONGEST_MS = 10_000;

/** Removes what is left, each as well as can be: models first, behind whose last request a save has come to its end. */
export async function cleanUp(patient: Patient, limitMs: number): Promise<void> {
  const timeoutMs = Math.min(limitMs, LONGEST_MS);
  const { api, clock, made } = patient;
  const within = (run: (options: CallOptions) => Promise<unknown>) =>
    withTimeLimit(timeoutMs, new AbortController().signal, (signal) =>
      run({ signal, timeoutMs }),
    ).then(
      () => true,
      (error: unknown) =>
        error instanceof WireError && error.status === 404 && !isRouteAbsent(error),
    );
  for (const requestId of made.creating) {
    await within(async ({ signal }) => {
      const { modelId } = await awaitFuture(api, requestId, createModelResult, { clock, signal });
      made.models.add(modelId);
    });
  }
  for (const id of made.models) {
    const unloaded = (options: CallOptions) =>
      done(patient, api.unloadModel(id, options), z.unknown(), options);
    if (await within(unloaded)) made.models.delete(id);
  }
  for (const [key, { runId, id }] of made.checkpoints) {
    if (await within((options) => api.deleteCheckpoint(runId, id, options)))
      made.checkpoints.delete(key);
  }
}

/** Names of what is still there. */
export function leftBehind({ made }: Patient): string[] {
  return [...made.models, ...made.checkpoints.keys()];
}
