import { systemClock } from "@/lib/base/clock";
import { featuresOfReport } from "@/lib/doctor/features";
import { reportText } from "@/lib/doctor/report-text";
import { runDoctor } from "@/lib/doctor/run-doctor";
import { DOCTOR_STEPS } from "@/lib/doctor/types";
import { UsageError, type Command } from "../command";
import { readCall } from "../connection";
import { EXIT } from "../exit-codes";
import { learnOfServer } from "../known-servers";
import { offeredModels } from "../server-facts";

/** The whole journey in small on a server: what it does, what it lacks, what it does otherwise. */
export const doctor: Command = {
  usage: [[`doctor [--base MODEL]`, "tries in small what a run needs; leaves nothing behind"]],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      base: { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError("doctor takes flags only.");
    const { api, transport, token } = connection;
    const { signal, progress } = context;
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
    await learnOfServer(context, connection, featuresOfReport(report));
    const isWell = report.lines.every(({ outcome }) => outcome !== "failed");
    return {
      ...{ value: report, text: reportText(report) },
      exitCode: isWell ? EXIT.done : EXIT.failed,
    };
  },
};
