import { z } from "zod";

export const createSessionRequest = z.looseObject({
  tags: z.array(z.string()),
  user_metadata: z.record(z.string(), z.unknown()).nullish(),
  sdk_version: z.string(),
  type: z.string().optional(),
});
export type CreateSessionRequest = z.input<typeof createSessionRequest>;

export const createSessionAnswer = z
  .looseObject({ session_id: z.string() })
  .transform((wire) => ({ sessionId: wire.session_id }));

export const heartbeatRequest = z.looseObject({
  session_id: z.string(),
  type: z.string().optional(),
});
