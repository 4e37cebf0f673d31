import { STUDIO_SESSION } from "@/lib/protocol/sessions";
import type { CallOptions, Transport } from "@/lib/client/transport";
import type { Patient } from "./patient";
import { isRouteAbsent, probeRoutes, PUBLISH } from "./probe-routes";
import type { Finding } from "./types";

/* What the server is, before anything is made on it. */

export async function reach({ api }: Patient, options: CallOptions): Promise<Finding> {
  await api.health(options);
  return { outcome: "ok", code: "reached" };
}

export async function listModels(
  { api, baseModel }: Patient,
  options: CallOptions,
): Promise<Finding> {
  const { models } = await api.capabilities(options);
  const facts = { models: models.map(({ name }) => name).join(", ") };
  return models.some(({ name }) => name === baseModel)
    ? { outcome: "ok", code: "model_listed", facts }
    : { outcome: "differs", code: "model_not_listed", facts };
}

export const askRoutes =
  (transport: Transport) =>
  async ({ api, traits }: Patient, { signal }: CallOptions): Promise<Finding> => {
    traits.routes = await probeRoutes(transport, { signal });
    if (traits.routes[PUBLISH] === "absent") {
      // What some servers say of a call that they do not have, others say of a run that they do not have.
      const isSaidOfRuns = await api
        .trainingRun("studio-doctor", { signal })
        .then(() => false, isRouteAbsent);
      if (isSaidOfRuns) traits.routes[PUBLISH] = "unknown";
    }
    const presences = Object.values(traits.routes);
    const count = (presence: string) => presences.filter((one) => one === presence).length;
    const facts = { there: count("there"), absent: count("absent"), unknown: count("unknown") };
    return { outcome: facts.there > 0 ? "ok" : "failed", code: "routes_asked", facts };
  };

export async function openSession(patient: Patient, options: CallOptions): Promise<Finding> {
  const { sessionId } = await patient.api.createSession(STUDIO_SESSION, options);
  patient.sessionId = sessionId;
  await patient.api.heartbeat(sessionId, options);
  return { outcome: "ok", code: "session_kept" };
}

export async function countSlots({ api }: Patient, options: CallOptions): Promise<Finding> {
  const { freeLoras, maxLoras } = await api.capacity(options);
  const facts = { freeLoras, maxLoras };
  // Twinkle counts its slots only once a model was made.
  if (maxLoras === 0) return { outcome: "ok", code: "slots_not_counted" };
  return freeLoras > 0
    ? { outcome: "ok", code: "slots_free", facts }
    : { outcome: "differs", code: "no_slot_free", facts };
}
