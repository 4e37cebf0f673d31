import * as z from "zod/mini";
import type { RunConfig } from "./types";

/** What the studio stores with a run on the server, so that other browsers can name it. */
const metadataSchema = z.looseObject({
  studio: z.looseObject({
    name: z.string(),
    datasetId: z.optional(z.string()),
    datasetName: z.optional(z.string()),
    sampleKind: z.optional(z.enum(["chat", "completion", "text"])),
  }),
});
export type StudioMetadata = z.infer<typeof metadataSchema>["studio"];

/** The `user_metadata` of create_model: the config of the run under the key `studio`. */
export function serverMetadata(config: RunConfig): Record<string, unknown> {
  return { studio: { ...config } };
}

/** What the studio once stored with a run; null for runs that something else made. */
export function readServerMetadata(userMetadata: Record<string, unknown>): StudioMetadata | null {
  return metadataSchema.safeParse(userMetadata).data?.studio ?? null;
}
