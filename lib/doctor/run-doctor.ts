import type { Clock } from "@/lib/base/clock";
import { toErrorReport } from "@/lib/base/errors";
import { withTimeLimit } from "@/lib/client/time-limit";
import { createTrainingApi, type TrainingApi } from "@/lib/client/training-api";
import type { Transport } from "@/lib/client/transport";
import { failureKind } from "@/lib/training/failures";
import { cleanUp, leftBehind } from "./clean-up";
import { recordingTransport } from "./exchanges";
import { journey, type JourneyStep } from "./journey";
import { newPatient, type Patient } from "./patient";
import { isRouteAbsent } from "./probe-routes";
import { learnFrom, unknownTraits } from "./traits";
import type { DoctorLine, DoctorReport, DoctorStep, Exchange, Finding } from "./types";

export interface DoctorOptions {
  /** To the server, with its token. */
  transport: Transport;
  baseModel: string;
  clock: Clock;
  signal: AbortSignal;
  /** Texts that must not be seen in the report: the token. */
  secrets?: readonly string[];
  /** Told before each step. */
  onBegin?: (step: DoctorStep) => void;
  onStep?: (line: DoctorLine) => void;
  stepLimitMs?: number;
}

const STEP_LIMIT_MS = 180_000;
const HEARTBEAT_MS = 10_000;
const MOST_EXCHANGES = 16;

/**
 * Runs the whole journey in small on a server and tells of each step what it came to. Needs no tokenizer. Takes one LoRA
 * slot for about a minute, and removes what it has made, also when it is aborted or a step fails; servers have no call that
 * removes the empty run from their list.
 *
 * @throws the signal's reason when it aborts, after what was made is removed; whatever a server does becomes a line
 */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { baseModel, clock, signal, onBegin, onStep, stepLimitMs = STEP_LIMIT_MS } = options;
  const startedAt = clock.now();
  const traits = unknownTraits();
  let exchanges: Exchange[] = [];
  const transport = recordingTransport(options.transport, {
    clock,
    secrets: options.secrets ?? [],
    onExchange: (exchange, heard) => {
      if (exchanges.length < MOST_EXCHANGES) exchanges.push(exchange);
      learnFrom(heard, traits);
    },
  });
  const patient = newPatient(createTrainingApi(transport), baseModel, clock, traits);
  const lines: DoctorLine[] = [];
  const ending = new AbortController();
  try {
    for (const [step, run, isPossible = () => true] of journey(transport)) {
      signal.throwIfAborted();
      onBegin?.(step);
      exchanges = [];
      const begunAt = clock.now();
      const found = isPossible(patient)
        ? await examined(patient, run, stepLimitMs, signal)
        : { outcome: "skipped" as const, code: "not_reached" as const, error: null };
      if (step === "session" && patient.sessionId !== null)
        void keepAlive(
          createTrainingApi(options.transport),
          patient.sessionId,
          clock,
          ending.signal,
        );
      const line: DoctorLine = { step, ...found, ms: clock.now() - begunAt, exchanges };
      lines.push(line);
      onStep?.(line);
    }
  } finally {
    exchanges = [];
    ending.abort();
    await cleanUp(patient, stepLimitMs);
  }
  return { baseModel, startedAt, lines, traits, leftBehind: leftBehind(patient) };
}

async function examined(
  patient: Patient,
  run: JourneyStep[1],
  limitMs: number,
  signal: AbortSignal,
): Promise<Finding & Pick<DoctorLine, "error">> {
  try {
    const finding = await withTimeLimit(limitMs, signal, (limited) =>
      run(patient, { signal: limited, timeoutMs: limitMs }),
    );
    return { ...finding, error: null };
  } catch (error) {
    signal.throwIfAborted();
    const report = toErrorReport(error);
    if (isRouteAbsent(error)) return { outcome: "absent", code: "route_absent", error: report };
    const hasLostAdapters = failureKind(report) === "adapters_lost";
    return {
      outcome: "failed",
      code: hasLostAdapters ? "adapters_lost" : "call_failed",
      error: report,
    };
  }
}

/** A model lives as long as its session is heard of. */
async function keepAlive(
  api: TrainingApi,
  sessionId: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MS, { signal }).catch(() => undefined);
    if (!signal.aborted)
      await api.heartbeat(sessionId, { signal, timeoutMs: HEARTBEAT_MS }).catch(() => undefined);
  }
}
