import { asSeen } from "@/lib/training/run-status";
import type { RunRecord } from "@/lib/training/types";
import { runJournal } from "@/lib/storage/run-journal";
import { drivenRunKeys } from "./run-locks";

/** All runs of this browser, newest first, each with the status that it has right now: `interrupted` where nobody drives it. */
export async function listRuns(): Promise<RunRecord[]> {
  const [records, driven] = await Promise.all([runJournal.records(), drivenRunKeys()]);
  return records.map((record) => asSeen(record, driven.has(record.key)));
}

/** One run, as {@link listRuns} has it. */
export async function findRun(key: string): Promise<RunRecord | undefined> {
  const [record, driven] = await Promise.all([runJournal.record(key), drivenRunKeys()]);
  return record && asSeen(record, driven.has(key));
}
