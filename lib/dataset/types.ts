import type { ChatMessage } from "@/lib/protocol/chat";

/** Row shapes that the studio reads; named after the fields that give them away. */
export const DATASET_FORMATS = [
  "messages",
  "conversations",
  "instruction",
  "prompt_completion",
  "input_output",
  "query_response",
  "text",
] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

/** What a row says, free of the shape that it came in. */
export type Sample =
  | { kind: "chat"; messages: ChatMessage[] }
  | { kind: "completion"; prompt: string; completion: string }
  | { kind: "text"; text: string };
export type SampleKind = Sample["kind"];

/** Why a line cannot be used, or can only be used with care. The message files hold `problems.<code>.what` and `.fix`. */
export type ProblemCode =
  | "not_utf8"
  | "not_json"
  | "not_an_object"
  | "line_too_long"
  | "unknown_shape"
  | "mixed_format"
  | "missing_field"
  | "wrong_type"
  | "no_messages"
  | "missing_role"
  | "unknown_role"
  | "no_answer"
  | "empty_answer"
  | "special_token_in_text"
  | "template_failed"
  | "nothing_trained";

export interface RowProblem {
  /** 1-based line of the file; for a JSON array, the 1-based element. */
  line: number;
  code: ProblemCode;
  /** Facts for the sentence, such as the field's name or the parser's own words. */
  params: Record<string, string | number>;
}

export interface DatasetRow {
  line: number;
  sample: Sample;
}

/** One row as model input: `weights` has the length of `tokens`, 1 where the token is trained, 0 where it is context. */
export interface TokenRow {
  tokens: Int32Array;
  weights: Uint8Array;
}

/** Random access to a tokenized dataset; rows are numbered from 0 without the unusable ones. */
export interface TokenRows {
  readonly rowCount: number;
  /** Tokens in each row. */
  readonly lengths: Int32Array;
  /** Trained tokens in each row. */
  readonly trained: Int32Array;
  /** Line of each row in the file. */
  readonly lines: Int32Array;
  read(rows: ArrayLike<number>): Promise<TokenRow[]>;
}
