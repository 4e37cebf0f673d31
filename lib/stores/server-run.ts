import { readServerMetadata } from "@/lib/training/server-metadata";

export interface ServerRunFacts {
  /** The name that the studio gave it, else its id. */
  name: string;
  /** Dataset of the browser that made the run; another browser does not have it. */
  datasetId: string | null;
  /** How the playground asks it: as a chat, or as plain text. */
  mode: "chat" | "text";
}

/** What a run of the server is, from what the studio stored with it. */
export function describeServerRun(run: {
  id: string;
  userMetadata: Record<string, unknown>;
}): ServerRunFacts {
  const studio = readServerMetadata(run.userMetadata);
  return {
    name: studio?.name ?? run.id,
    datasetId: studio?.datasetId ?? null,
    mode: studio?.sampleKind && studio.sampleKind !== "chat" ? "text" : "chat",
  };
}
