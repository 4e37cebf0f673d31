import { z } from "zod";
import type { RunConfig } from "./types";

/** What the studio stores with a run on the server, so that other browsers can name it. */
const metadataSchema = z.looseObject({
  studio: z.looseObject({
    name: z.string(),
    datasetId: z.string().optional(),
    datasetName: z.string().optional(),
    sampleKind: z.enum(["chat", "completion", "text"]).optional(),
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
