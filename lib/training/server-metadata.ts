import * as z from "zod/mini";
import type { RunConfig } from "./types";

/** What the studio stores with a run on the server, so that other browsers can name it. */
const studioSchema = z.looseObject({
  name: z.string(),
  datasetId: z.optional(z.string()),
  datasetName: z.optional(z.string()),
  sampleKind: z.optional(z.enum(["chat", "completion", "text"])),
});
export type StudioMetadata = z.infer<typeof studioSchema>;

/** The `user_metadata` of create_model: the config of the run as JSON, since servers take texts alone. */
export function serverMetadata(config: RunConfig): Record<string, string> {
  return { studio: JSON.stringify(config) };
}

/** What the studio once stored with a run; null for runs that something else made. */
export function readServerMetadata(userMetadata: Record<string, unknown>): StudioMetadata | null {
  const { studio } = userMetadata;
  return studioSchema.safeParse(typeof studio === "string" ? parsed(studio) : studio).data ?? null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
