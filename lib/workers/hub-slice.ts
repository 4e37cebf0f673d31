import * as z from "zod/mini";
import { StudioError } from "@/lib/base/errors";
import { createTransport } from "@/lib/client/transport";
import { parseHubAddress, sliceName, type HubDataset } from "@/lib/dataset/hub-address";
import { readHubSlice, type HubDatasetSource } from "@/lib/dataset/hub-slice";
import { placeholdersIn } from "@/lib/dataset/placeholders";
import type { CallContext, DatasetCalls } from "./dataset-messages";
import type { HubSlice } from "./hosts";

const filesAnswer = z.object({ files: z.array(z.string()) });

/**
 * The first rows of a public dataset, read through the studio's own routes.
 *
 * @throws StudioError `bad_request` with the `details.cause` `hub_address`; `not_found`, `dataset_invalid`,
 * `hub_unreachable`, `too_large` as lib/hub and lib/dataset say it
 */
export async function openHubSlice(
  { address, rows }: DatasetCalls["readHubSlice"]["args"],
  fetch: typeof globalThis.fetch,
  { signal, onProgress }: CallContext,
): Promise<HubSlice> {
  const dataset = parseHubAddress(address);
  if (!dataset)
    throw new StudioError("bad_request", `"${address}" is no address of a dataset.`, {
      details: { cause: "hub_address" },
    });
  const text = await readHubSlice(studioSource(dataset, fetch), {
    ...{ rows, signal },
    onProgress: (done) => onProgress({ doneBytes: done.readBytes, totalBytes: 0, rows: done.rows }),
  });
  return {
    name: sliceName(dataset, rows),
    file: new Blob([text]),
    placeholders: placeholdersIn(text),
  };
}

function studioSource({ hub, id }: HubDataset, fetch: typeof globalThis.fetch): HubDatasetSource {
  const path = `hub/datasets/${hub}/${id}`;
  const studio = createTransport({ baseUrl: "/api", fetch });
  return {
    files: async (options) =>
      (await studio.call({ method: "GET", path, answer: filesAnswer }, options)).files,
    open: async (file, options) => {
      const query = new URLSearchParams({ file });
      const { body } = await studio.stream({ method: "GET", path: `${path}?${query}` }, options);
      return bytesOf(body ?? new Blob().stream(), options);
    },
  };
}

async function* bytesOf(
  body: ReadableStream<Uint8Array>,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    signal.throwIfAborted();
    const sentence = "The connection to the hub broke while its rows were read.";
    throw new StudioError("hub_unreachable", sentence, { cause, retryable: true });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
