import { pigLatinRows, whoAmIRows } from "@/lib/dataset/samples";
import type { DatasetRecord } from "@/lib/storage/types";
import { defaultRunConfig } from "@/lib/training/defaults";
import { datasetHost } from "@/lib/workers/dataset-client";
import { trainingHost } from "@/lib/workers/training-client";

export type SampleChoice = { id: "pig-latin" } | { id: "who-am-i"; name: string; author: string };

/** Writes the rows of a sample into a dataset of this browser. */
export async function importSample(
  sample: SampleChoice,
  { signal }: { signal: AbortSignal },
): Promise<DatasetRecord> {
  const text = sample.id === "pig-latin" ? pigLatinRows() : whoAmIRows(sample);
  const name =
    sample.id === "pig-latin" ? "pig-latin.jsonl" : `who-am-i-${fileStem(sample.name)}.jsonl`;
  const file = new Blob([text], { type: "application/jsonl" });
  return datasetHost().importFile(file, { name, source: sample.id, signal });
}

export interface QuickStart {
  sample: SampleChoice;
  baseModel: string;
  /** Longest row that the server takes, in tokens; null when it does not say. */
  maxContextLength: number | null;
  serverId: string;
  onStage: (stage: "rows" | "tokens" | "start") => void;
  signal: AbortSignal;
}

/** From a sample to a running run with the settings that the form would show; returns the run's key. */
export async function trainSample(options: QuickStart): Promise<string> {
  const { sample, baseModel, serverId, onStage, signal } = options;
  onStage("rows");
  const dataset = await importSample(sample, { signal });
  onStage("tokens");
  const tokenSet = await datasetHost().tokenize(dataset.id, baseModel, { signal });
  const facts = await datasetHost().modelFacts(baseModel);
  onStage("start");
  const config = defaultRunConfig({
    dataset,
    rowCount: tokenSet.rowCount,
    longestRow: tokenSet.longestRow,
    baseModel,
    hiddenSize: facts.hiddenSize,
    maxPositions: options.maxContextLength ?? facts.maxPositions,
  });
  return trainingHost().start(config, serverId);
}

/** Letters and digits of any script, so that a Chinese name gives a readable file name. */
function fileStem(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase() || "name"
  );
}
