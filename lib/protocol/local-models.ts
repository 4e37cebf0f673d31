import * as z from "zod/mini";

/** A download that runs, or the last one that failed. */
export interface ModelDownload {
  model: string;
  /** Host of the hub that is asked. */
  host: string;
  doneBytes: number;
  /** Null until the hub has said it. */
  totalBytes: number | null;
  /** Why it ended; null while it runs. */
  failure: string | null;
}

/** What the local server tells of its models; no other server does. */
export interface LocalModels {
  /** Weights come into memory when a model is first used. */
  served: { name: string; state: "on_disk" | "loading" | "ready" }[];
  /** Folders that look like a model and cannot be served. */
  refused: { name: string; reason: string }[];
  download: ModelDownload | null;
  /** Models that are not here and that it suggests to download. */
  suggested: string[];
}

const downloadSchema = z.pipe(
  z.looseObject({
    model: z.string(),
    host: z.string(),
    done_bytes: z.number(),
    total_bytes: z.nullable(z.number()),
    failure: z.nullable(z.string()),
  }),
  z.transform(({ model, host, done_bytes, total_bytes, failure }): ModelDownload => ({
    ...{ model, host, failure },
    doneBytes: done_bytes,
    totalBytes: total_bytes,
  })),
);

/** The answer of `studio/models` and of what starts and ends a download. */
export const localModelsAnswer = z.pipe(
  z.looseObject({
    served: z.array(
      z.looseObject({ name: z.string(), state: z.enum(["on_disk", "loading", "ready"]) }),
    ),
    refused: z.array(z.looseObject({ name: z.string(), reason: z.string() })),
    download: z.nullable(downloadSchema),
    suggested: z.array(z.string()),
  }),
  z.transform((wire): LocalModels => wire),
);
