import * as z from "zod/mini";

export const createSessionRequest = z.looseObject({
  tags: z.array(z.string()),
  user_metadata: z.nullish(z.record(z.string(), z.unknown())),
  sdk_version: z.string(),
  type: z.optional(z.string()),
});
export type CreateSessionRequest = z.input<typeof createSessionRequest>;

/** How the studio opens one. */
export const STUDIO_SESSION: CreateSessionRequest = {
  tags: ["twinkle-studio"],
  user_metadata: null,
  sdk_version: "twinkle-studio",
};

export const createSessionAnswer = z.pipe(
  z.looseObject({ session_id: z.string() }),
  z.transform((wire) => ({ sessionId: wire.session_id })),
);

export const heartbeatRequest = z.looseObject({
  session_id: z.string(),
  type: z.optional(z.string()),
});

export const createSamplingSessionRequest = z.looseObject({
  session_id: z.string(),
  sampling_session_seq_id: z.number(),
  base_model: z.nullish(z.string()),
  model_path: z.nullish(z.string()),
  type: z.optional(z.string()),
});
export const createSamplingSessionAnswer = z.pipe(
  z.looseObject({ sampling_session_id: z.string() }),
  z.transform((wire) => ({ samplingSessionId: wire.sampling_session_id })),
);
