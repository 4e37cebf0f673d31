import type { ErrorReport } from "@/lib/base/errors";
import type { ChatMessage } from "@/lib/protocol/chat";
import type { DatasetRecord, TokenSetRecord } from "@/lib/storage/types";
import type { EncodedPrompt } from "@/lib/tokenizer/encode-prompt";
import type { RunConfig, RunPlan } from "@/lib/training/types";
import type { FileFault, GivenFiles } from "@/lib/tokenizer/given-files";
import type { DatasetHost, HubSlice, Progress, RowView, TokenizerFacts, TokenPiece } from "./hosts";

/** What the dataset worker does: the arguments that cross the port, and what comes back. */
export interface DatasetCalls {
  importFile: {
    args: {
      file: Blob;
      name: string;
      source: DatasetRecord["source"];
      placeholders: Readonly<Record<string, string>> | null;
    };
    result: DatasetRecord;
  };
  readHubSlice: { args: { address: string; rows: number }; result: HubSlice };
  removeDataset: { args: { datasetId: string }; result: void };
  readRows: { args: { datasetId: string; from: number; count: number }; result: RowView[] };
  tokenize: { args: { datasetId: string; baseModel: string }; result: TokenSetRecord };
  rowTokens: { args: { datasetId: string; baseModel: string; row: number }; result: TokenPiece[] };
  rowLengths: { args: { tokenSetId: string }; result: Int32Array };
  lengthHistogram: {
    args: { tokenSetId: string; bins: number };
    result: { upTo: number; counts: number[] };
  };
  planRun: { args: { config: RunConfig }; result: RunPlan };
  loadTokenizer: { args: { baseModel: string }; result: TokenizerFacts };
  giveModelFiles: { args: { baseModel: string; files: GivenFiles }; result: FileFault[] };
  dropModelFiles: { args: { baseModel: string }; result: void };
  encodeChat: { args: { baseModel: string; messages: ChatMessage[] }; result: EncodedPrompt };
  encodeText: { args: { baseModel: string; text: string }; result: EncodedPrompt };
  decode: { args: { baseModel: string; ids: number[] }; result: string };
  modelFacts: {
    args: { baseModel: string };
    result: Awaited<ReturnType<DatasetHost["modelFacts"]>>;
  };
}
export type DatasetMethod = keyof DatasetCalls;

export interface CallContext {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

export type DatasetService = {
  [M in DatasetMethod]: (
    args: DatasetCalls[M]["args"],
    context: CallContext,
  ) => Promise<DatasetCalls[M]["result"]>;
};

export interface CallMessage<M extends DatasetMethod> {
  type: "call";
  id: number;
  method: M;
  args: DatasetCalls[M]["args"];
}

export type ToDatasetWorker =
  { [M in DatasetMethod]: CallMessage<M> }[DatasetMethod] | { type: "cancel"; id: number };

export type FromDatasetWorker =
  | { type: "progress"; id: number; progress: Progress }
  | { type: "done"; id: number; value: DatasetCalls[DatasetMethod]["result"] }
  | { type: "failed"; id: number; error: ErrorReport };
