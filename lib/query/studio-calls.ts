import * as z from "zod/mini";
import { createTrainingApi } from "@/lib/client/training-api";
import { createTransport } from "@/lib/client/transport";

const send: typeof fetch = (input, init) => fetch(input, init);

/** The training server behind the studio's proxy. */
export const trainingTransport = createTransport({ baseUrl: "/api/training", fetch: send });

export const trainingApi = createTrainingApi(trainingTransport);

/** The studio's own routes. */
export const studioRoutes = createTransport({ baseUrl: "/api", fetch: send });

/** An answer of the studio's own routes, whose shape its types vouch for. */
export function ownAnswer<Answer extends object>(): z.ZodMiniType<Answer> {
  return z.custom<Answer>((value) => typeof value === "object" && value !== null);
}

/** Mutations are not given a signal: they run to their end. */
export const toTheEnd = { signal: new AbortController().signal };
