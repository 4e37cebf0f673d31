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

/**
 * Why a line cannot be used. The message files hold `problems.<code>.what` and `.fix`; each code always carries the
 * parameters named here. `message` is the 1-based number of the message in its list, 0 when the field stands in the row.
 */
export type ProblemCode =
  /** No parameters. */
  | "not_utf8"
  /** `reason`: the parser's words; `column`: 1-based character of the line. */
  | "not_json"
  /** `found`: the JSON type. */
  | "not_an_object"
  /** `limitMegabytes` */
  | "line_too_long"
  /** `fields`: names of the row's fields. */
  | "unknown_shape"
  /** `expected`, `found`: formats. */
  | "mixed_format"
  /** `field`, `message` */
  | "missing_field"
  /** `field`, `message`, `expected` and `found`: JSON types. */
  | "wrong_type"
  /** `field` */
  | "no_messages"
  /** `message` */
  | "missing_role"
  /** `role`, `message` */
  | "unknown_role"
  /** `field` */
  | "no_answer"
  /** `field`, `message` */
  | "empty_answer"
  /** `token` */
  | "special_token_in_text"
  /** `reason`: the template's words. */
  | "template_failed"
  /** No parameters. */
  | "nothing_trained";

export interface RowProblem {
  /** 1-based line of the file; the 1-based element of a JSON list, the 1-based row below the head of a table. */
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
