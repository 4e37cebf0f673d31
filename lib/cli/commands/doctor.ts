import { systemClock } from "@/lib/base/clock";
import { featuresOfReport } from "@/lib/doctor/features";
import { reportText } from "@/lib/doctor/report-text";
import { runDoctor } from "@/lib/doctor/run-doctor";
import { DOCTOR_STEPS } from "@/lib/doctor/types";
import type { Command } from "../command";
import { readCall } from "../connection";
import { learnOfServer } from "../known-servers";

/** The whole journey in small on a server: what it does, what it lacks, what it does otherwise. */
export const doctor: Command = {
  usage: [[`doctor [--base MODEL]`, "tries in small what a run needs; leaves nothing behind"]],
  run: async (args, context) => {
    const { values, connection } = readCall(args, context, { base: { type: "string" } });
    const { api, transport, token } = connection;
    const { signal, progress } = context;
    const baseModel = values.base ?? (await api.capabilities({ signal })).models[0]?.name;
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
    return { value: report, text: reportText(report) };
  },
};
