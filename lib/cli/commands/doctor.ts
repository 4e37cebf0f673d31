import { systemClock } from "@/lib/base/clock";
import { fromErrorReport, StudioError } from "@/lib/base/errors";
import { featuresOfReport } from "@/lib/doctor/features";
import { reportText } from "@/lib/doctor/report-text";
import { runDoctor } from "@/lib/doctor/run-doctor";
import { DOCTOR_STEPS, type DoctorLine } from "@/lib/doctor/types";
import { UsageError, type Command } from "../command";
import { readCall } from "../connection";
import { errorText } from "../error-text";
import { EXIT } from "../exit-codes";
import { learnOfServer } from "../known-servers";
import { offeredModels, requireTrainingServer } from "../server-facts";

/** The whole journey in small on a server: what it does, what it lacks, what it does otherwise. */
export const doctor: Command = {
  usage: [[`doctor [--base MODEL]`, "tries in small what a run needs; leaves nothing behind"]],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      base: { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError("doctor takes flags only.");
    const { api, transport, token } = connection;
    const { signal, progress, note } = context;
    if (values.base === undefined) await requireTrainingServer(api, { signal });
    const baseModel = values.base ?? (await offeredModels(api, { signal }))[0]?.name;
    if (!baseModel) throw new Error("The server lists no model; name one with --base.");
    const report = await runDoctor({
      ...{ transport, baseModel, clock: systemClock, signal },
      secrets: token ? [token] : [],
      onBegin: (step) =>
        progress({
          label: step,
          share: DOCTOR_STEPS.indexOf(step) / DOCTOR_STEPS.length,
          detail: "",
        }),
    });
    const result = { value: report, text: reportText(report) };
    const refusal = refusalOf(report.lines);
    if (refusal) {
      note(errorText(refusal));
      return { ...result, exitCode: EXIT.server };
    }
    await learnOfServer(context, connection, featuresOfReport(report));
    const isWell = report.lines.every(({ outcome }) => outcome !== "failed");
    return { ...result, exitCode: isWell ? EXIT.done : EXIT.failed };
  },
};

/** Why what was examined is no server to train on: it neither lists models nor opens a session. Null for one that does. */
function refusalOf(lines: readonly DoctorLine[]): StudioError | null {
  const first = lines.filter(({ step }) => step === "models" || step === "session");
  if (first.some(({ outcome }) => outcome === "ok" || outcome === "differs")) return null;
  const error = first.at(-1)?.error;
  return error && !["not_found", "unusable_answer"].includes(error.code)
    ? fromErrorReport(error)
    : new StudioError("not_a_training_server", error?.message ?? "");
}
