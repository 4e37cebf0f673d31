import { StudioError } from "@/lib/base/errors";
import { jsonAnswer } from "@/lib/proxy/answers";
import type { Handler, RouteContext } from "@/lib/proxy/handle";
import type { RunWithHistory } from "@/lib/training/journal";
import { asSeen } from "@/lib/training/run-status";
import type { RunRecord } from "@/lib/training/types";
import { createFileJournal } from "./file-journal";
import { commandRunsFolder, journalFolder } from "./folder";
import { isLocked } from "./run-lock";

const LOG_ENTRIES = 500;

/** `GET /api/command-runs`: records of the runs of this machine's command line, newest first; none on a hosted studio. */
export const listCommandRuns: Handler = async (_request, { env }) => {
  if (isHosted(env)) return jsonAnswer({ runs: [] });
  const folder = commandRunsFolder(env.dataDir);
  const records = await createFileJournal(folder).records();
  return jsonAnswer({ runs: records.map((record) => seen(folder, record)) });
};

/** `GET /api/command-runs/KEY`: one of them with its history. */
export const showCommandRun: Handler = async (request, { env }) => {
  const key = new URL(request.url).pathname.split("/").at(-1) ?? "";
  const folder = commandRunsFolder(env.dataDir);
  const journal = createFileJournal(folder);
  const isKey = /^[0-9a-f]{16}$/.test(key);
  const record = isKey && !isHosted(env) ? await journal.record(key) : undefined;
  if (!record) throw new StudioError("not_found", "This machine's command line has no such run.");
  const history = await journal.history(key, { logEntries: LOG_ENTRIES });
  return jsonAnswer({ record: seen(folder, record), ...history } satisfies RunWithHistory);
};

/** What its machine keeps is then none of its users' business. */
function isHosted(env: RouteContext["env"]): boolean {
  return env.allowedServers !== null;
}

function seen(folder: string, record: RunRecord): RunRecord {
  return asSeen(record, isLocked(journalFolder(folder, record.key), record.key));
}
