import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { callHub, openHubFile, type HubBody } from "./hub-call";
import type { Hub } from "./hubs";

const MAX_LIST_BYTES = 2 * 1024 * 1024;
const PAGE_SIZE = 200;
const MOST_PAGES = 20;
/** Datasets of ModelScope that are a folder of files; the older types need a program to be read. */
const GENERAL = 4;

const infoSchema = z.looseObject({
  Data: z.looseObject({ Type: z.number().nullish() }),
});
const pageSchema = z.looseObject({
  Data: z.looseObject({
    Files: z.array(z.looseObject({ Path: z.string(), Type: z.string() })).nullish(),
  }),
});
const treeSchema = z.array(z.looseObject({ type: z.string(), path: z.string() }));

const READABLE = /\.(jsonl|ndjson|json|csv)$/i;
const TRAIN = /(^|[^a-z])train([^a-z]|$)/i;
const OTHER_SPLIT = /(^|[^a-z])(test|validation|valid|dev|eval)([^a-z]|$)/i;
/** JSON files that describe a repository. */
const NO_DATA = /(^|\/)(\.[^/]*|dataset_infos\.json|configuration\.json|config\.json)$/i;

interface HubDataset {
  hub: "modelscope" | "huggingface";
  /** `OWNER/NAME` */
  id: string;
}

interface Options {
  signal: AbortSignal;
}

/** Paths of all files of a dataset. Throws a {@link StudioError}: `not_found`, `dataset_invalid`, `hub_unreachable`. */
export function datasetFiles(hub: Hub, { hub: kind, id }: HubDataset, options: Options) {
  return kind === "modelscope" ? onModelScope(hub, id, options) : onHuggingFace(hub, id, options);
}

/**
 * The bytes of a file, as they come; who stops reading early destroys them.
 *
 * Rejects with `hub_unreachable` when the hub does not give them.
 */
export async function openDatasetFile(
  hub: Hub,
  dataset: HubDataset,
  file: string,
  options: Options,
): Promise<HubBody> {
  const { status, body } = await openHubFile(hub, { path: filePath(dataset, file) }, options);
  if (status === 200) return body;
  body.destroy();
  throw new StudioError("hub_unreachable", `${hub.name} answers ${status} for ${file}.`);
}

function filePath({ hub, id }: HubDataset, file: string): string {
  return hub === "modelscope"
    ? `/api/v1/datasets/${id}/repo?Revision=master&FilePath=${encodeURIComponent(file)}`
    : `/datasets/${id}/resolve/main/${file.split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * The files of the training split, in the order in which they are read: those with `train` in their name, else those
 * that are named after no other split.
 *
 * @throws StudioError `dataset_invalid` when none can be read; `details.cause` is `parquet` or `no_data_files`
 */
export function trainFiles(id: string, files: readonly string[]): string[] {
  const data = files.filter((path) => READABLE.test(path) && !NO_DATA.test(path)).sort();
  const named = data.filter((path) => TRAIN.test(path));
  const chosen = named.length > 0 ? named : data.filter((path) => !OTHER_SPLIT.test(path));
  if (chosen.length > 0) return chosen;
  const isParquet = files.some((path) => /\.parquet$/i.test(path));
  const sentence = isParquet
    ? `${id} holds Parquet files, which the studio does not read. Convert them to JSON Lines, for example with the datasets library's to_json, and import that file.`
    : `${id} holds no .jsonl, .json or .csv file with rows to train on.`;
  throw new StudioError("dataset_invalid", sentence, {
    details: { cause: isParquet ? "parquet" : "no_data_files" },
  });
}

async function onModelScope(hub: Hub, id: string, options: Options): Promise<string[]> {
  const info = await ask(hub, id, `/api/v1/datasets/${id}`, infoSchema, options);
  if ((info.Data.Type ?? GENERAL) !== GENERAL) {
    const sentence = `${id} is read by a program of its own, which the studio does not run. Import its rows as a file.`;
    throw new StudioError("dataset_invalid", sentence, { details: { cause: "script" } });
  }
  const paths: string[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `Revision=master&Recursive=True&PageNumber=${page}&PageSize=${PAGE_SIZE}`;
    const path = `/api/v1/datasets/${id}/repo/tree?${query}`;
    const files = (await ask(hub, id, path, pageSchema, options)).Data.Files ?? [];
    paths.push(...files.filter((file) => file.Type === "blob").map((file) => file.Path));
    if (files.length < PAGE_SIZE) break;
  }
  return paths;
}

async function onHuggingFace(hub: Hub, id: string, options: Options): Promise<string[]> {
  const path = `/api/datasets/${id}/tree/main?recursive=true&expand=false`;
  const tree = await ask(hub, id, path, treeSchema, options);
  return tree.filter((entry) => entry.type === "file").map((entry) => entry.path);
}

async function ask<Answer>(
  hub: Hub,
  id: string,
  path: string,
  schema: z.ZodType<Answer>,
  options: Options,
): Promise<Answer> {
  const { status, bytes } = await callHub(hub, { path, maxBytes: MAX_LIST_BYTES }, options);
  if (status === 401 || status === 403 || status === 404) {
    const sentence = `${hub.name} shows no dataset ${id}: it does not exist, or is not public.`;
    throw new StudioError("not_found", sentence);
  }
  if (status !== 200) {
    throw new StudioError("hub_unreachable", `${hub.name} answers ${status} for ${id}.`, {
      retryable: status === 429 || status >= 500,
    });
  }
  const parsed = schema.safeParse(jsonOrNull(bytes.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new StudioError("unusable_answer", `${hub.name} lists ${id} in a way that cannot be read.`);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
