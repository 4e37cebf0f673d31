import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { jsonAnswer, safeHeaders } from "@/lib/proxy/answers";
import { limitedBody } from "@/lib/proxy/byte-limit";
import type { Handler, RouteContext } from "@/lib/proxy/handle";
import { datasetFiles, openDatasetFile, trainFiles } from "./dataset-files";
import { huggingFace, modelScope } from "./hubs";

const MAX_FILE_BYTES = 256 * 1024 * 1024;

const datasetSchema = z.object({
  hub: z.enum(["modelscope", "huggingface"]),
  id: z.string().regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/),
});

/**
 * `GET /api/hub/datasets/HUB/OWNER/NAME`: paths of a public dataset's training files; with `?file=PATH` the bytes of one
 * of them, as they come. Hubs are asked without credentials, and no further than the reader reads.
 */
export const showDataset: Handler = async (request, { env }) => {
  const { signal } = request;
  const url = new URL(request.url);
  const dataset = datasetIn(url);
  const hub = hubOf(dataset.hub, env);
  const file = url.searchParams.get("file");
  const files = trainFiles(dataset.id, await datasetFiles(hub, dataset, { signal }));
  if (file === null) return jsonAnswer({ files });

  if (!files.includes(file))
    throw new StudioError("not_found", `${dataset.id} has no such file to train on.`);
  const bytes = await openDatasetFile(hub, dataset, file, { signal });
  const body = Readable.from(limitedBody(bytes, null, MAX_FILE_BYTES));
  return new Response(Readable.toWeb(body) as NodeStream<Uint8Array> as ReadableStream, {
    headers: safeHeaders({ "content-type": "application/octet-stream" }),
  });
};

function datasetIn(url: URL): z.infer<typeof datasetSchema> {
  const [hub, owner, name] = url.pathname.split("/").slice(-3);
  const parsed = datasetSchema.safeParse({ hub, id: `${owner}/${name}` });
  if (parsed.success) return parsed.data;
  throw new StudioError("bad_request", "A dataset is named OWNER/NAME on one of the known hubs.");
}

function hubOf(hub: "modelscope" | "huggingface", env: RouteContext["env"]) {
  return hub === "modelscope" ? modelScope(env) : huggingFace(env);
}
