import path from "node:path";
import { systemClock } from "@/lib/base/clock";
import { fromErrorReport, type ErrorReport, type StudioError } from "@/lib/base/errors";
import { formatLoss } from "@/lib/base/format";
import { commandRunsFolder, linkJournal } from "@/lib/command-runs/folder";
import { createFileJournal } from "@/lib/command-runs/file-journal";
import { lockRun } from "@/lib/command-runs/run-lock";
import type { RunJournal } from "@/lib/training/journal";
import { RUN_FLAGS } from "@/lib/training/run-flags";
import { newRunRecord } from "@/lib/training/run-record";
import type { RunRecord } from "@/lib/training/types";
import messages from "@/messages/en.json";
import { UsageError, type Command, type CommandContext } from "../command";
import { readCall, type Connection } from "../connection";
import { SLICE_OPTIONS, SLICE_USAGE } from "../dataset-source";
import { driveRun } from "../drive-run";
import { EXIT } from "../exit-codes";
import { lackedSince, learnOfServer } from "../known-servers";
import { prepareRun } from "../prepare-run";
import { RUN_OPTIONS, runKey } from "../run-setup";

/** A whole run, from the file to its checkpoints: the same command goes on where it was interrupted. */
export const train: Command = {
  usage: [
    [
      `train FILE|ms://OWNER/NAME --base MODEL [--tokenizer DIR|MODEL] [--resume RUN|PATH [--weights-only]] [--out DIR] ${SLICE_USAGE} [FIELDS]`,
      `trains and saves checkpoints; interrupted, the same command goes on. Fields: ${RUN_FLAGS.map((flag) => `--${flag}`).join(" ")}`,
    ],
  ],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      ...{ ...SLICE_OPTIONS, ...RUN_OPTIONS },
      base: { type: "string" },
      tokenizer: { type: "string" },
      resume: { type: "string" },
      "weights-only": { type: "boolean" },
      out: { type: "string" },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new UsageError("train needs one FILE.");
    const { api, serverUrl } = connection;
    const { config, plan, rows } = await prepareRun(file, values, connection, context);

    const ownFolder = commandRunsFolder(context.dataDir);
    const folder = values.out ? path.resolve(context.cwd, values.out) : ownFolder;
    const key = runKey(connection, config);
    const journal = createFileJournal(folder);
    const unlock = lockRun(folder, key);
    try {
      const kept = await journal.record(key);
      if (kept?.status === "done") {
        context.note("This run was done before; another --seed makes another.");
        return await resultOf(kept, journal);
      }
      const record =
        kept ?? newRunRecord(config, plan, { key, serverId: serverUrl, at: systemClock.now() });
      if (folder !== ownFolder) linkJournal(folder, ownFolder, key);
      const known = await withKnownRefusal(record, connection, context);
      const ended = await driveRun(known, { api, journal, rows }, context);
      if (ended.optimizerRefusedAt !== undefined) {
        const load_optimizer = { has: false, learnedAt: ended.optimizerRefusedAt };
        await learnOfServer(context, connection, { load_optimizer });
      }
      return await resultOf(ended, journal);
    } finally {
      unlock();
    }
  },
};

/** On a server that refused an optimizer state before, nothing is lost by not asking for one again. */
async function withKnownRefusal(
  record: RunRecord,
  connection: Connection,
  context: CommandContext,
): Promise<RunRecord> {
  const optimizerRefusedAt = await lackedSince("load_optimizer", context, connection);
  if (optimizerRefusedAt === null) return record;
  if (record.checkpoints.length > 0 || record.config.startFrom?.optimizer)
    context.note(`${messages.features.lacks.load_optimizer} The weights alone are loaded.`);
  return { ...record, optimizerRefusedAt };
}

async function resultOf(record: RunRecord, journal: RunJournal) {
  // A pause that nobody asked for is told like a failure.
  if (record.status !== "done" && record.error) throw failureOf(record.error);
  const { steps } = await journal.history(record.key, { logEntries: 0 });
  const value = {
    runId: record.serverRunId,
    steps: record.step,
    firstLoss: steps[0]?.loss ?? null,
    lastLoss: record.lastLoss,
    valLoss: record.lastValidationLoss,
    checkpoints: record.checkpoints.map(({ path, nextStep }) => ({ path, step: nextStep })),
  };
  return {
    value,
    text: [
      `Run ${value.runId}: ${record.status} after ${value.steps} of ${record.plan.totalSteps} steps.`,
      `Loss ${lossText(value.firstLoss)} at first, ${lossText(value.lastLoss)} at last, ${lossText(value.valLoss)} on rows kept for validation.`,
      ...value.checkpoints.map((checkpoint) => `${checkpoint.path}  step ${checkpoint.step}`),
      ...(record.status === "done" ? [] : ["The same command goes on from the last checkpoint."]),
    ].join("\n"),
    exitCode: record.status === "done" ? EXIT.done : EXIT.interrupted,
  };
}

function failureOf(error: ErrorReport): StudioError {
  if (error.details?.["reason"] !== "optimizer_state") return fromErrorReport(error);
  const message = `${error.message} The server does not take the optimizer's state: the same command goes on from the weights alone.`;
  return fromErrorReport({ ...error, message });
}

function lossText(loss: number | null): string {
  return loss === null ? "unknown" : formatLoss(loss);
}
