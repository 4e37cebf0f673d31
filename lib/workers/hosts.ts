import type { ErrorReport } from "@/lib/base/errors";
import type { ChatMessage } from "@/lib/protocol/chat";
import type { Sample } from "@/lib/dataset/types";
import type { DatasetRecord, TokenSetRecord } from "@/lib/storage/types";
import type { EncodedPrompt } from "@/lib/tokenizer/encode-prompt";
import type { FileFault, GivenFiles } from "@/lib/tokenizer/given-files";
import type {
  LogEntry,
  RunActivity,
  RunConfig,
  RunConnection,
  RunPlan,
  RunRecord,
  StepPoint,
  ValidationPoint,
} from "@/lib/training/types";

/* What the page asks of its workers. The clients beside this file implement it; every promise settles, also when the worker dies. */

export interface Progress {
  doneBytes: number;
  totalBytes: number;
  rows: number;
}

/** The first rows of a dataset of a hub, not yet imported. */
export interface HubSlice {
  /** What the dataset is to be called. */
  name: string;
  /** The rows as JSON Lines. */
  file: Blob;
  /** Names of the placeholders in them, such as `NAME` of `{{NAME}}`. */
  placeholders: string[];
}

export interface RowView {
  /** Row number, from 0, among the usable rows. */
  index: number;
  line: number;
  sample: Sample;
  /** The line as it stands in the file, cut at 20,000 characters. */
  raw: string;
}

export interface TokenPiece {
  id: number;
  /** The token as text; bytes of a cut character show as U+FFFD. */
  text: string;
  weight: 0 | 1;
  isSpecial: boolean;
}

/** What is known of a base model's tokenizer once it is loaded. */
export interface TokenizerFacts {
  /** Strings that end a turn or a text. */
  stop: string[];
  /** Why its chat template renders no conversation; texts need none. */
  templateProblem: ErrorReport | null;
}

export interface DatasetHost {
  importFile(
    file: Blob,
    options: {
      name: string;
      source: DatasetRecord["source"];
      /** What stands in the rows instead of `{{NAME}}`, by name. */
      placeholders?: Readonly<Record<string, string>>;
      onProgress?: (progress: Progress) => void;
      signal: AbortSignal;
    },
  ): Promise<DatasetRecord>;
  /**
   * Reads the first rows of a public dataset: of each progress the rows so far and the bytes that were read for them.
   *
   * @param address - as `parseHubAddress` takes it
   */
  readHubSlice(
    address: string,
    rows: number,
    options: { onProgress?: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<HubSlice>;
  removeDataset(datasetId: string): Promise<void>;
  readRows(datasetId: string, from: number, count: number): Promise<RowView[]>;
  tokenize(
    datasetId: string,
    baseModel: string,
    options: { onProgress?: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<TokenSetRecord>;
  /** Tokens of one row, coloured by their weight. */
  rowTokens(datasetId: string, baseModel: string, row: number): Promise<TokenPiece[]>;
  /** Tokens of every row of the dataset, in its numbering; 0 for a row that was dropped while tokenizing. */
  rowLengths(tokenSetId: string): Promise<Int32Array>;
  /** Row lengths counted into `bins` equal bins from 0 to the longest row. */
  lengthHistogram(tokenSetId: string, bins: number): Promise<{ upTo: number; counts: number[] }>;
  planRun(config: RunConfig): Promise<RunPlan>;
  loadTokenizer(baseModel: string): Promise<TokenizerFacts>;
  /**
   * Keeps files of the base model in the browser, to be used before all others; what was tokenized for it is made anew.
   * Resolves with what is wrong with them, and keeps none then.
   */
  giveModelFiles(baseModel: string, files: GivenFiles): Promise<FileFault[]>;
  /** Forgets what was given by hand, and what was made with it. */
  dropModelFiles(baseModel: string): Promise<void>;
  encodeChat(baseModel: string, messages: ChatMessage[]): Promise<EncodedPrompt>;
  encodeText(baseModel: string, text: string): Promise<EncodedPrompt>;
  /** The text without special tokens. */
  decode(baseModel: string, ids: ArrayLike<number>): Promise<string>;
  /** Facts of the base model from its config.json, null where it does not say. */
  modelFacts(
    baseModel: string,
  ): Promise<{ hiddenSize: number | null; maxPositions: number | null; hasChatTemplate: boolean }>;
}

/** What a tab sees of a run: the whole once, then what was added. Sent at most once a frame. */
export interface RunUpdate {
  key: string;
  record: RunRecord;
  activity: RunActivity;
  connection: RunConnection;
  /** True when this tab's worker drives the run; false when it follows another tab or nobody drives. */
  isDriver: boolean;
  addedSteps: StepPoint[];
  addedValidations: ValidationPoint[];
  addedLog: LogEntry[];
  /** True for the first update after subscribing and after a resume that dropped steps: `added*` then hold everything. */
  isWhole: boolean;
}

export interface TrainingHost {
  /** Writes the run's record and begins; resolves with its key as soon as the record is stored. */
  start(config: RunConfig, serverId: string): Promise<string>;
  /** Goes on from the last checkpoint. Rejects with `run_locked` when another tab drives it. */
  resume(key: string): Promise<void>;
  /** Saves a checkpoint, frees the server's slot and lets go; `resume` goes on. */
  pause(key: string): Promise<void>;
  /** Saves a checkpoint at the next step boundary and goes on. */
  saveNow(key: string): Promise<void>;
  stop(key: string, options: { save: boolean }): Promise<void>;
  /** The running run's weights as they are now, as a path for sampling. */
  saveForSampling(key: string): Promise<string>;
  remove(key: string): Promise<void>;
  /** Calls back at once with the whole, then with what is new; returns the way to end it. */
  subscribe(key: string, listener: (update: RunUpdate) => void): () => void;
}
