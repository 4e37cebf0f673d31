import { systemClock } from "@/lib/base/clock";
import { reportText } from "@/lib/doctor/report-text";
import { runDoctor } from "@/lib/doctor/run-doctor";
import type { DoctorLine, DoctorReport, DoctorStep } from "@/lib/doctor/types";
import { trainingTransport } from "./studio-calls";

export interface DoctorWatcher {
  onBegin: (step: DoctorStep) => void;
  onStep: (line: DoctorLine) => void;
  signal: AbortSignal;
}

/** The journey in small on the connected server; its token stays with the studio, so no report can hold it. */
export function examineServer(baseModel: string, watcher: DoctorWatcher): Promise<DoctorReport> {
  return runDoctor({ transport: trainingTransport, baseModel, clock: systemClock, ...watcher });
}

/** The report as text for an issue. */
export function doctorText(report: DoctorReport): string {
  return reportText(report);
}
