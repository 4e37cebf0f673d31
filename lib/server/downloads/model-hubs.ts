import { z } from "zod";

import { askHub, HubFailure, type HubAccess } from "./hub-request";

/** What a file's bytes must hash to; `git_blob` is git's own name of a small file. */
export interface Digest {
  kind: "sha256" | "git_blob";
  hex: string;
}

export interface HubFile {
  name: string;
  /** Null where the hub does not know. */
  sizeBytes: number | null;
  digest: Digest | null;
}

interface Abortable {
  signal: AbortSignal;
}

/** A place that models are downloaded from. */
export interface ModelHub {
  /** Its host, for sentences. */
  host: string;
  /** The files at the top of a model; null when the hub shows no such model. */
  list: (access: HubAccess, model: string, options: Abortable) => Promise<HubFile[] | null>;
  addressOf: (model: string, file: string) => URL;
}

const modelScopeFiles = z.looseObject({
  Code: z.literal(200),
  Success: z.literal(true),
  Data: z.looseObject({
    Files: z.array(
      z.looseObject({
        Path: z.string(),
        Type: z.string(),
        Size: z.number().nullish(),
        Sha256: z.string().nullish(),
      }),
    ),
  }),
});

const huggingFaceFiles = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    size: z.number(),
    oid: z.string(),
    lfs: z.looseObject({ oid: z.string() }).nullish(),
  }),
);

/** Where the hubs are: `MODELSCOPE_ENDPOINT` and `HF_ENDPOINT`, else their own sites. */
export function hubEndpoints(env: Record<string, string | undefined>): {
  hubEndpoint: string;
  huggingFaceEndpoint: string;
} {
  return {
    hubEndpoint: env["MODELSCOPE_ENDPOINT"] || "https://www.modelscope.cn",
    huggingFaceEndpoint: env["HF_ENDPOINT"] || "https://huggingface.co",
  };
}

export function modelScope(endpoint: string): ModelHub {
  const { host } = new URL(endpoint);
  return {
    host,
    list: async (access, model, options) => {
      const path = `/api/v1/models/${model}/repo/files?Revision=master&Recursive=True`;
      const answer = await listing(access, new URL(path, endpoint), modelScopeFiles, options);
      return (
        answer &&
        answer.Data.Files.filter((file) => file.Type === "blob" && !file.Path.includes("/")).map(
          (file) => ({
            name: file.Path,
            // 0 stands for "not known".
            sizeBytes: file.Size || null,
            digest: file.Sha256 ? { kind: "sha256", hex: file.Sha256 } : null,
          }),
        )
      );
    },
    addressOf: (model, file) => {
      const query = new URLSearchParams({ Revision: "master", FilePath: file });
      return new URL(`/api/v1/models/${model}/repo?${query.toString()}`, endpoint);
    },
  };
}

export function huggingFace(endpoint: string): ModelHub {
  const { host } = new URL(endpoint);
  return {
    host,
    list: async (access, model, options) => {
      const path = `/api/models/${model}/tree/main`;
      const files = await listing(access, new URL(path, endpoint), huggingFaceFiles, options);
      return (
        files &&
        files
          .filter(({ type }) => type === "file")
          .map(({ path: name, size, oid, lfs }) => ({
            name,
            sizeBytes: size,
            digest: lfs ? { kind: "sha256", hex: lfs.oid } : { kind: "git_blob", hex: oid },
          }))
      );
    },
    addressOf: (model, file) =>
      new URL(`/${model}/resolve/main/${encodeURIComponent(file)}`, endpoint),
  };
}

/** A hub's JSON; null for a model that it does not show. */
async function listing<T>(
  access: HubAccess,
  url: URL,
  schema: z.ZodType<T>,
  options: Abortable,
): Promise<T | null> {
  const { response } = await askHub(access, url, { accept: "application/json" }, options);
  if (response.status === 401 || response.status === 404) {
    await response.body?.cancel();
    return null;
  }
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (response.ok && parsed.success) return parsed.data;
  throw new HubFailure(`${url.host} answers ${response.status} to a look at the model's files.`, {
    isRetryable: true,
  });
}
