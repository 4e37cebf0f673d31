import { systemClock } from "@/lib/base/clock";
import { fromErrorReport } from "@/lib/base/errors";
import { seededRandom } from "@/lib/base/random";
import { rowsInMemory } from "@/lib/dataset/rows-in-memory";
import type { TokenRows } from "@/lib/dataset/types";
import { createMemoryJournal } from "@/lib/training/memory-journal";
import { planRun } from "@/lib/training/plan";
import { RunDriver } from "@/lib/training/run-driver";
import { newRunRecord } from "@/lib/training/run-record";
import type { RunConfig } from "@/lib/training/types";
import { UsageError, type Command } from "../command";
import { readCall } from "../connection";
import { numberFlag } from "../number-flag";
import { onlyModel } from "../run-setup";

/** Ids that every model has. */
const IDS = 256;
const SEED = 42;
/** Steps before the clock starts: servers load and compile in them. */
const WARM_UP_STEPS = 2;
const SUBMIT_AHEAD = 2;
const STEPS_IN_FLIGHT = SUBMIT_AHEAD + 1;

/** The same loop as `train`, on random tokens: what a step takes, and what it costs this machine. */
export const bench: Command = {
  usage: [
    [
      "bench [--steps N] [--batch ROWS] [--length TOKENS] [--rank N] [--base MODEL]",
      "milliseconds and client CPU of a step on random tokens; saves nothing",
    ],
  ],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      base: { type: "string" },
      steps: { type: "string" },
      batch: { type: "string" },
      length: { type: "string" },
      rank: { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError("bench takes flags only.");
    const whole = { min: 1, isWhole: true };
    const steps = numberFlag("steps", values.steps, whole) ?? 20;
    const batch = numberFlag("batch", values.batch, whole) ?? 4;
    const length = numberFlag("length", values.length, { ...whole, min: 2 }) ?? 128;
    const rank = numberFlag("rank", values.rank, whole) ?? 8;
    const { api, serverUrl } = connection;
    const { signal, progress } = context;
    const baseModel = values.base ?? (await onlyModel(api, { signal }));

    const lastStep = WARM_UP_STEPS + steps;
    // It is stopped at its last measured step, short of the end, where a run saves.
    const rows = randomRows((lastStep + STEPS_IN_FLIGHT) * batch, length);
    const config = benchConfig({ baseModel, batch, length, rank });
    const record = newRunRecord(config, planRun(config, rows), {
      ...{ key: "bench", serverId: serverUrl, at: systemClock.now() },
    });
    const marks: { at: number; cpuMs: number }[] = [];
    const driver = new RunDriver(record, {
      ...{ api, rows, clock: systemClock, journal: createMemoryJournal() },
      onUpdate: (update) => {
        for (const { step } of update.steps) {
          marks[step] = { at: performance.now(), cpuMs: cpuMs() };
          progress({ label: "Step", share: Math.min(1, step / lastStep), detail: "" });
          if (step === lastStep) stop();
        }
      },
      // Interrupted, it is stopped as well: a driver that crashes frees no slot.
      signal: new AbortController().signal,
    });
    const stop = () => driver.stop({ save: false });
    signal.throwIfAborted();
    signal.addEventListener("abort", stop, { once: true });
    const ended = await driver.start().done;
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
    if (ended.error) throw fromErrorReport(ended.error);
    const [first, last] = [marks[WARM_UP_STEPS], marks[lastStep]];
    if (!first || !last) throw new Error("The server confirmed too few steps to measure.");
    const value = {
      ...{ baseModel, steps, batch, length, rank },
      msPerStep: (last.at - first.at) / steps,
      clientCpuMsPerStep: (last.cpuMs - first.cpuMs) / steps,
      tokensPerSecond: (1000 * steps * batch * length) / (last.at - first.at),
    };
    return {
      value,
      text: `${value.msPerStep.toFixed(1)} ms a step of ${batch} rows with ${length} tokens (${Math.round(value.tokensPerSecond)} tokens/s), ${value.clientCpuMsPerStep.toFixed(1)} ms of CPU here.`,
    };
  },
};

function benchConfig({
  baseModel,
  batch,
  length,
  rank,
}: {
  baseModel: string;
  batch: number;
  length: number;
  rank: number;
}): RunConfig {
  return {
    ...{ name: "bench", baseModel, datasetId: "random", datasetName: "random", sampleKind: "text" },
    ...{ loraRank: rank, epochs: 1, batchSize: batch, learningRate: 1e-4, schedule: "constant" },
    ...{ warmupSteps: 0, maxLength: length, overLength: "drop", validationShare: 0, seed: SEED },
    ...{ saveEvery: { unit: "epoch" }, weightDecay: 0, gradClipNorm: 1, submitAhead: SUBMIT_AHEAD },
    startFrom: null,
  };
}

function randomRows(count: number, length: number): TokenRows {
  const random = seededRandom(SEED);
  return rowsInMemory(
    Array.from({ length: count }, () => ({
      tokens: Int32Array.from({ length }, () => Math.floor(random() * IDS)),
      weights: new Uint8Array(length).fill(1, 1),
    })),
  );
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
