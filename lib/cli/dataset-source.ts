import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { StudioError } from "@/lib/base/errors";
import { formatBytes } from "@/lib/base/format";
import { parseHubAddress, sliceName } from "@/lib/dataset/hub-address";
import { readHubSlice } from "@/lib/dataset/hub-slice";
import { fillPlaceholders, placeholdersIn } from "@/lib/dataset/placeholders";
import { datasetFiles, openDatasetFile, trainFiles } from "@/lib/hub/dataset-files";
import { huggingFace, modelScope } from "@/lib/hub/hubs";
import { hubEndpoints } from "@/lib/server/downloads/model-hubs";
import { UsageError, type CommandContext } from "./command";

/** The flags of a dataset from a hub. */
export const SLICE_OPTIONS = {
  rows: { type: "string" },
  name: { type: "string" },
  author: { type: "string" },
  fill: { type: "string", multiple: true },
} as const;
export const SLICE_USAGE = "[--rows N] [--name X] [--author Y] [--fill KEY=VALUE]";

export interface SliceFlags {
  rows?: string | undefined;
  name?: string | undefined;
  author?: string | undefined;
  fill?: string[] | undefined;
}

export interface DatasetSource {
  /** File name, or address on a hub. */
  name: string;
  /** Identifies the content: SHA-256 of the bytes, in hex. */
  id: string;
  sizeBytes: number;
  isFromHub: boolean;
  stream: () => ReadableStream<Uint8Array>;
}

const ROWS_BY_DEFAULT = 500;
const ADDRESS_OF_HUB = /^(ms|hf|https?):\/\//;

/**
 * A file, or the first rows of a dataset on a hub (`ms://OWNER/NAME`, `hf://OWNER/NAME`) with its placeholders filled in.
 *
 * @throws StudioError `dataset_invalid` for a kind of file that is not read; UsageError for a file that cannot be read, a wrong address and a placeholder without a value; StudioError of the hub
 */
export function openDataset(
  fileOrAddress: string,
  flags: SliceFlags,
  context: CommandContext,
): Promise<DatasetSource> {
  return ADDRESS_OF_HUB.test(fileOrAddress)
    ? openSlice(fileOrAddress, flags, context)
    : openFile(fileOrAddress, flags, context);
}

async function openFile(
  name: string,
  flags: SliceFlags,
  { cwd, signal }: CommandContext,
): Promise<DatasetSource> {
  if (flags.rows ?? flags.name ?? flags.author ?? flags.fill)
    throw new UsageError("--rows, --name, --author and --fill are for datasets of a hub.");
  if (/\.(parquet|arrow|xlsx?)$/i.test(name))
    throw new StudioError(
      "dataset_invalid",
      `${name} is not a kind of file that can be read; write the rows as JSONL, JSON or CSV.`,
    );
  const file = path.resolve(cwd, name);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const chunk of fs.createReadStream(file, { signal })) {
      hash.update(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`${name} cannot be read: ${(error as Error).message}`);
  }
  return {
    name: path.basename(file),
    id: hash.digest("hex"),
    sizeBytes,
    isFromHub: false,
    stream: () => Readable.toWeb(fs.createReadStream(file)) as ReadableStream<Uint8Array>,
  };
}

async function openSlice(
  address: string,
  flags: SliceFlags,
  { env, progress, signal }: CommandContext,
): Promise<DatasetSource> {
  const dataset = parseHubAddress(address);
  if (!dataset) throw new UsageError(`"${address}" is no dataset; write ms://OWNER/NAME.`);
  const rows = Number(flags.rows ?? ROWS_BY_DEFAULT);
  if (!Number.isInteger(rows) || rows < 1)
    throw new UsageError(`--rows must be a whole number from 1, not "${flags.rows}".`);

  const { hubEndpoint, huggingFaceEndpoint } = hubEndpoints(env);
  const hub =
    dataset.hub === "modelscope"
      ? modelScope({ modelScopeEndpoint: hubEndpoint })
      : huggingFace({ huggingFaceEndpoint });
  const text = await readHubSlice(
    {
      files: async (options) => trainFiles(dataset.id, await datasetFiles(hub, dataset, options)),
      open: (file, options) => openDatasetFile(hub, dataset, file, options),
    },
    {
      ...{ rows, signal },
      onProgress: (done) =>
        progress({
          label: `Reading ${address}`,
          share: done.rows / rows,
          detail: formatBytes(done.readBytes),
        }),
    },
  );
  const filled = fillPlaceholders(text, valuesOf(text, flags));
  const bytes = new TextEncoder().encode(filled);
  return {
    name: sliceName(dataset, rows),
    id: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    isFromHub: true,
    stream: () => new Blob([bytes]).stream(),
  };
}

/** @throws UsageError when a placeholder of the rows has no value */
function valuesOf(text: string, { name, author, fill = [] }: SliceFlags): Record<string, string> {
  const values: Record<string, string> = {
    ...(name !== undefined && { NAME: name }),
    ...(author !== undefined && { AUTHOR: author }),
  };
  for (const pair of fill) {
    const [key, value] = pair.split(/=(.*)/s);
    if (!key || value === undefined)
      throw new UsageError(`--fill must have the form KEY=VALUE, not "${pair}".`);
    values[key.toUpperCase()] = value;
  }
  const missing = placeholdersIn(text).filter((placeholder) => !Object.hasOwn(values, placeholder));
  if (missing.length === 0) return values;
  const flags = missing.map((key) =>
    key === "NAME" || key === "AUTHOR" ? `--${key.toLowerCase()} TEXT` : `--fill ${key}=TEXT`,
  );
  throw new UsageError(
    `The rows hold ${missing.map((key) => `{{${key}}}`).join(", ")}: say what stands there with ${flags.join(" ")}.`,
  );
}
