import type { QueryClient } from "@tanstack/react-query";
import { systemClock } from "@/lib/base/clock";
import { featuresOfReport } from "@/lib/doctor/features";
import { reportText } from "@/lib/doctor/report-text";
import { runDoctor } from "@/lib/doctor/run-doctor";
import type { DoctorLine, DoctorReport, DoctorStep } from "@/lib/doctor/types";
import { learn } from "./server-features";
import { trainingTransport } from "./studio-calls";

export interface Examination {
  serverId: string;
  baseModel: string;
  onBegin: (step: DoctorStep) => void;
  onStep: (line: DoctorLine) => void;
  signal: AbortSignal;
}

/**
 * The journey in small on the connected server; what it found is kept. The token stays with the studio, so no report can
 * hold it.
 */
export async function examineServer(
  client: QueryClient,
  { serverId, ...options }: Examination,
): Promise<DoctorReport> {
  const report = await runDoctor({ transport: trainingTransport, clock: systemClock, ...options });
  await learn(client, serverId, { features: featuresOfReport(report), report });
  return report;
}

/** The report as text for an issue. */
export function doctorText(report: DoctorReport): string {
  return reportText(report);
}
