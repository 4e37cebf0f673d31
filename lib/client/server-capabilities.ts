import { WireError } from "@/lib/base/errors";
import type { ServerCapabilities } from "@/lib/protocol/capabilities";
import type { TrainingApi } from "./training-api";
import type { CallOptions } from "./transport";

/**
 * What a server offers. One that does not have this call is asked for its list of models, which tells names alone; where it
 * has no such list either, nothing is known, and no model is named.
 */
export async function serverCapabilities(
  api: Pick<TrainingApi, "capabilities" | "models">,
  options: CallOptions,
): Promise<ServerCapabilities> {
  const told = await api.capabilities(options).catch(nullIfAbsent);
  if (told) return told;
  const models = await api.models(options).catch(nullIfAbsent);
  return { models: models ?? [], publishTakesHubToken: false };
}

/** For calls that name nothing on a server: there these answers can only mean that it does not have the call. */
export function nullIfAbsent(error: unknown): null {
  if (error instanceof WireError && [404, 405, 501].includes(error.status)) return null;
  throw error;
}
