import { featuresOfRuns, type ServerFeatures } from "@/lib/doctor/features";
import type { DoctorReport } from "@/lib/doctor/types";
import { openDatabase, toStorageError } from "./database";
import { runJournal } from "./run-journal";

/** What was learned of a training server by asking it. */
export interface ServerRecord {
  serverId: string;
  features: ServerFeatures;
  /** The last whole examination; null while there was none. */
  report: DoctorReport | null;
}

export type ServerFindings = Pick<ServerRecord, "features"> & Partial<Pick<ServerRecord, "report">>;

/** Null for a server that was never asked. */
export async function findServer(serverId: string): Promise<ServerRecord | null> {
  return (await (await openDatabase()).get("servers", serverId)) ?? null;
}

/** What was learned of a server by asking it, and by the runs of this browser. */
export async function knownFeatures(serverId: string): Promise<ServerFeatures> {
  const [known, records] = await Promise.all([findServer(serverId), runJournal.records()]);
  return { ...known?.features, ...featuresOfRuns(records, serverId) };
}

/** Lays findings over what was known, in one transaction. */
export async function learnOfServer(
  serverId: string,
  { features, report }: ServerFindings,
): Promise<void> {
  try {
    const transaction = (await openDatabase()).transaction("servers", "readwrite");
    const known = await transaction.store.get(serverId);
    await transaction.store.put({
      serverId,
      features: { ...known?.features, ...features },
      report: report ?? known?.report ?? null,
    });
    await transaction.done;
  } catch (cause) {
    throw toStorageError(cause);
  }
}
