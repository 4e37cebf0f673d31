import { createTrainingApi, type TrainingApi } from "@/lib/client/training-api";
import { createTransport } from "@/lib/client/transport";
import type { TokenRow, TokenRows } from "@/lib/dataset/types";
import { rowsInMemory } from "@/lib/dataset/rows-in-memory";
import { planRun } from "@/lib/training/plan";
import { newRunRecord } from "@/lib/training/run-record";
import type { RunConfig, RunRecord } from "@/lib/training/types";

export function aConfig(config: Partial<RunConfig> = {}): RunConfig {
  return {
    name: "test",
    baseModel: "twinkle/tiny",
    datasetId: "dataset",
    datasetName: "rows.jsonl",
    sampleKind: "text",
    loraRank: 8,
    epochs: 2,
    batchSize: 3,
    learningRate: 0.01,
    schedule: "linear",
    warmupSteps: 2,
    maxLength: 64,
    overLength: "drop",
    validationShare: 0,
    seed: 7,
    saveEvery: { unit: "epoch" },
    weightDecay: 0,
    gradClipNorm: 1,
    submitAhead: 2,
    startFrom: null,
    ...config,
  };
}

/** Rows whose first token is their number, so that a server can tell them apart. */
export function numberedRows(count: number, { length = 6 } = {}): TokenRows {
  const row = (number: number): TokenRow => ({
    tokens: Int32Array.from({ length }, (_, at) => (at === 0 ? number : at)),
    weights: new Uint8Array(length).fill(1),
  });
  return rowsInMemory(Array.from({ length: count }, (_, number) => row(number)));
}

export function aRun(rows: TokenRows, config: Partial<RunConfig> = {}): RunRecord {
  const whole = aConfig(config);
  return newRunRecord(whole, planRun(whole, rows), { key: "run", serverId: "http://toy", at: 0 });
}

export function apiOver(fetch: typeof globalThis.fetch, baseUrl = "http://toy"): TrainingApi {
  return createTrainingApi(createTransport({ baseUrl, fetch }));
}
