import type { DatasetFormat, RowProblem, SampleKind } from "@/lib/dataset/types";

export interface DatasetRecord {
  id: string;
  name: string;
  format: DatasetFormat;
  sampleKind: SampleKind;
  source: "file" | "hub" | "pig-latin" | "who-am-i";
  sizeBytes: number;
  /** Usable rows. */
  rowCount: number;
  problemCount: number;
  /** The first 500 of them. */
  problems: RowProblem[];
  createdAt: number;
}

/** A dataset tokenized for one base model; the tokens lie in OPFS, these facts in IndexedDB. */
export interface TokenSetRecord {
  id: string;
  datasetId: string;
  baseModel: string;
  rowCount: number;
  tokenCount: number;
  trainedTokenCount: number;
  longestRow: number;
  /** 50th and 95th percentile of row length in tokens. */
  p50: number;
  p95: number;
  /** Problems found while tokenizing (row dropped); the first 500. */
  problems: RowProblem[];
  problemCount: number;
  createdAt: number;
}
