import fs from "node:fs/promises";
import path from "node:path";
import { StudioError } from "@/lib/base/errors";
import type { JournalEntry, RunHistory, RunJournal } from "@/lib/training/journal";
import type { RunRecord } from "@/lib/training/types";

/** One entry, with those fields of the record alone that changed since the one before. */
interface Line extends Partial<Omit<JournalEntry, "record">> {
  record: Partial<RunRecord>;
}

interface Journal extends RunHistory {
  record: RunRecord | undefined;
  /** Bytes of the lines that a crash did not cut off. */
  wholeBytes: number;
}

const SUFFIX = ".jsonl";

/**
 * The journal of runs as a folder with one file of JSON Lines for each, which only grows: a line is on disk before
 * `write` resolves, and one that a crash cut off counts as never written. One process at a time may write a run.
 *
 * Rejects with `storage_failed` where the folder cannot be used or a file is no journal, `storage_full` on a full disk.
 */
export function createFileJournal(folder: string): RunJournal {
  const place = (key: string) => path.join(folder, key + SUFFIX);
  /** Of the runs that were written: the record as the lines of the file tell it. */
  const written = new Map<string, RunRecord | undefined>();

  async function begin(key: string): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    const { record, wholeBytes } = await readJournal(place(key));
    if (record) await fs.truncate(place(key), wholeBytes);
    written.set(key, record);
  }

  return {
    write: (entry) =>
      stored(async () => {
        const { key } = entry.record;
        if (!written.has(key)) await begin(key);
        const line = JSON.stringify(lineOf(entry, written.get(key)));
        const file = await fs.open(place(key), "a");
        try {
          await file.appendFile(`${line}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
        written.set(key, structuredClone(entry.record));
      }),
    record: (key) => stored(async () => (await readJournal(place(key))).record),
    records: () =>
      stored(async () => {
        const names = await fs.readdir(folder).catch(ifMissing([]));
        const files = names.filter((name) => name.endsWith(SUFFIX));
        const read = await Promise.all(files.map((name) => readJournal(path.join(folder, name))));
        const records = read.flatMap(({ record }) => (record ? [record] : []));
        return records.sort((a, b) => b.createdAt - a.createdAt);
      }),
    history: (key, { logEntries }) =>
      stored(async () => {
        const { steps, validations, log } = await readJournal(place(key));
        return { steps, validations, log: log.slice(-logEntries) };
      }),
    remove: (key) =>
      stored(async () => {
        written.delete(key);
        await fs.rm(place(key), { force: true });
      }),
  };
}

function lineOf({ record, ...entry }: JournalEntry, before: RunRecord | undefined): Line {
  const isChanged = ([field, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before?.[field as keyof RunRecord]);
  const { dropAfterStep, steps, validations, log } = entry;
  return {
    record: Object.fromEntries(Object.entries(record).filter(isChanged)),
    ...(dropAfterStep !== undefined && { dropAfterStep }),
    ...(steps.length > 0 && { steps }),
    ...(validations.length > 0 && { validations }),
    ...(log.length > 0 && { log }),
  };
}

async function readJournal(file: string): Promise<Journal> {
  const bytes = await fs.readFile(file).catch(ifMissing(Buffer.alloc(0)));
  const wholeBytes = bytes.lastIndexOf("\n") + 1;
  const lines = bytes.subarray(0, wholeBytes).toString("utf8").split("\n").slice(0, -1);
  const journal: Journal = { record: undefined, wholeBytes, steps: [], validations: [], log: [] };
  for (const [at, text] of lines.entries()) {
    const { record, dropAfterStep, ...added } = parseLine(text, `${file}, line ${at + 1}`);
    journal.record = { ...journal.record, ...record } as RunRecord;
    if (dropAfterStep !== undefined) {
      journal.steps = journal.steps.filter(({ step }) => step <= dropAfterStep);
      journal.validations = journal.validations.filter(({ step }) => step <= dropAfterStep);
    }
    journal.steps.push(...(added.steps ?? []));
    journal.validations.push(...(added.validations ?? []));
    journal.log.push(...(added.log ?? []));
  }
  return journal;
}

function parseLine(text: string, where: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw new StudioError("storage_failed", `${where} is no entry of a journal.`, { cause });
  }
}

function ifMissing<Nothing>(nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return nothing;
    throw error;
  };
}

async function stored<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const isFull = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    throw new StudioError(isFull ? "storage_full" : "storage_failed", (cause as Error).message, {
      cause,
    });
  }
}
