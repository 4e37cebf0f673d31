import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";

import { formatBytes } from "@/lib/base/format";

import type { EngineOptions } from "../engine/engine";
import { refusal } from "../http/errors";
import { PARTIAL_SUFFIX } from "../models/model-catalog";
import { CONFIG_FILE, inspectFolder, MODEL_NAME, readShape } from "../models/model-folder";
import { isFullDisk, isRunning } from "../runs/durable-files";
import { downloadFile } from "./file-download";
import { HubFailure, type HubAccess } from "./hub-request";
import type { HubFile, ModelHub } from "./model-hubs";
import { wantedFiles } from "./wanted-files";

/** The process that writes into a partial folder. */
const LOCK = ".pid";

interface Abortable {
  signal: AbortSignal;
}

export interface DownloadProgress {
  /** The hub that is asked. */
  host: string;
  doneBytes: number;
  /** Null until the hub has said it. */
  totalBytes: number | null;
}

export interface DownloadOptions {
  access: HubAccess;
  /** Asked in this order; the next one goes on with what the former one gave. */
  hubs: readonly ModelHub[];
  modelsDir: string;
  engine: EngineOptions;
  /** A model that takes more is refused. */
  maxMemoryBytes?: number;
  onProgress: (progress: DownloadProgress) => void;
  /** Room on the disk of a folder, in bytes. */
  freeBytes?: (directory: string) => Promise<number>;
}

/**
 * Downloads a model that this server can serve into `MODELS/OWNER/NAME`, which appears there whole, with every checksum
 * proved. What cannot be served is refused before its weights come. After a failure or an abort, what came so far stays
 * in `NAME.partial` for the next call.
 *
 * @returns the model's folder
 * @throws WireError 400 for a name that is none or a model that cannot be served, 404 when no hub has it, 409 when it is
 *   there or being downloaded, 502 when no hub gives it, 507 when the disk has no room
 */
export async function downloadModel(
  model: string,
  options: DownloadOptions,
  { signal }: Abortable,
): Promise<string> {
  if (!MODEL_NAME.test(model))
    throw refusal(400, `"${model}" is not a model name; use the form owner/name.`);
  const target = path.join(options.modelsDir, model);
  if (existsSync(target))
    throw refusal(409, `${target} exists already; remove it to download the model again.`);
  const partial = target + PARTIAL_SUFFIX;
  try {
    await mkdir(partial, { recursive: true });
    const unlock = await lock(partial, model);
    try {
      await fromAnyHub(model, partial, options, { signal });
      servable(model, () => inspectFolder(model, partial, options.engine));
    } finally {
      await unlock();
    }
    await rename(partial, target);
    return target;
  } catch (error) {
    throw isFullDisk(error)
      ? refusal(507, `The disk of ${partial} is full; what was downloaded is kept there.`)
      : error;
  }
}

/** The first hub that gives the whole model; the next one goes on with the bytes of the former. */
async function fromAnyHub(
  model: string,
  partial: string,
  options: DownloadOptions,
  { signal }: Abortable,
): Promise<void> {
  const reasons: string[] = [];
  let isAbsent = true;
  for (const hub of options.hubs) {
    try {
      options.onProgress({ host: hub.host, doneBytes: 0, totalBytes: null });
      const listed = await hub.list(options.access, model, { signal });
      if (listed) return await fromHub(hub, model, listed, partial, options, { signal });
      reasons.push(`${hub.host} has no such model.`);
    } catch (error) {
      if (!(error instanceof HubFailure)) throw error;
      reasons.push(error.message);
      isAbsent = false;
    }
  }
  throw refusal(isAbsent ? 404 : 502, `${model} could not be downloaded. ${reasons.join(" ")}`);
}

async function fromHub(
  hub: ModelHub,
  model: string,
  listed: readonly HubFile[],
  partial: string,
  {
    access,
    engine,
    maxMemoryBytes = Infinity,
    onProgress,
    freeBytes = freeBytesOf,
  }: DownloadOptions,
  { signal }: Abortable,
): Promise<void> {
  const files = servable(model, () => wantedFiles(listed));
  const placeOf = (file: HubFile) => path.join(partial, file.name);
  const there = new Map(files.map((file) => [file.name, sizeOf(placeOf(file))]));
  const totalBytes = sum(files.map(({ sizeBytes }) => sizeBytes ?? 0));
  const fetchFile = (file: HubFile) => {
    const onBytes = (bytes: number) => {
      there.set(file.name, bytes);
      onProgress({ host: hub.host, doneBytes: sum([...there.values()]), totalBytes });
    };
    const url = hub.addressOf(model, file.name);
    return downloadFile({ access, url, file, target: placeOf(file), onBytes }, { signal });
  };

  const isConfig = ({ name }: HubFile) => name === CONFIG_FILE;
  for (const file of files.filter(isConfig)) await fetchFile(file);
  servable(model, () => {
    const { bytes } = readShape(readFileSync(path.join(partial, CONFIG_FILE), "utf8"), engine);
    if (bytes > maxMemoryBytes) {
      throw new Error(
        `it takes ${formatBytes(bytes)} of memory, and the limit is ${formatBytes(maxMemoryBytes)}.`,
      );
    }
  });

  const missing = totalBytes - sum([...there.values()]);
  const free = await freeBytes(partial);
  if (missing > free) {
    throw refusal(
      507,
      `${model} needs ${formatBytes(missing)} more on the disk of ${partial}, where ${formatBytes(free)} are free.`,
    );
  }
  for (const file of files) if (!isConfig(file)) await fetchFile(file);
}

/** @throws WireError 400 with the sentence why the model cannot be served */
function servable<T>(model: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw refusal(400, `${model} cannot be served here: ${(error as Error).message}`);
  }
}

/** Keeps other processes out of a partial folder; resolves with what lets them in again. */
async function lock(partial: string, model: string): Promise<() => Promise<void>> {
  const file = path.join(partial, LOCK);
  const writer = existsSync(file) ? Number(readFileSync(file, "utf8")) : null;
  if (writer !== null && isRunning(writer))
    throw refusal(409, `${model} is being downloaded by another process (${writer}).`);
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
