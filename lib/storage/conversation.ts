import type { ErrorReport } from "@/lib/base/errors";
import type { SamplingSettings } from "@/lib/base/sampling-settings";

export type PlaygroundMode = "chat" | "text";

/** What answers: a base model, or a checkpoint on top of it. */
export interface ModelChoice {
  baseModel: string;
  /** The checkpoint's path; null for the base model itself. */
  path: string | null;
  /** Name of the run that the checkpoint comes from. */
  runName: string | null;
  checkpointName: string | null;
}

export interface AnswerSettings extends SamplingSettings {
  /** Chat only; empty for none. */
  system: string;
}

interface TurnBase {
  id: string;
  /** The turn that this one follows; null for the first. Turns with one parent are siblings. */
  parentId: string | null;
  text: string;
  at: number;
}

export interface UserTurn extends TurnBase {
  role: "user";
}

/** An answer with everything that it was asked with, so that it can be judged and asked for again. */
export interface AnswerTurn extends TurnBase {
  role: "assistant";
  mode: PlaygroundMode;
  model: ModelChoice;
  settings: AnswerSettings;
  /** `aborted`: the reader stopped it; `failed`: `error` says why, and `text` is what came before. */
  end: "stop" | "length" | "aborted" | "failed";
  ms: number;
  /** Null where the server does not stream. */
  firstTokenMs: number | null;
  /** Tokens of the answer; null where nobody could count them. */
  tokens: number | null;
  error: ErrorReport | null;
}

export type Turn = UserTurn | AnswerTurn;

/** What one panel shows: a tree of turns and the way chosen through it. */
export interface Thread {
  model: ModelChoice;
  turns: Turn[];
  /** The chosen child of a turn; the first turn's parent is `root`. Without an entry the newest child counts. */
  chosen: Record<string, string>;
}

export interface Conversation {
  id: string;
  serverId: string;
  mode: PlaygroundMode;
  settings: AnswerSettings;
  threads: Thread[];
  /** How many of the threads are shown side by side; a closed one is kept. */
  panels: 1 | 2;
  createdAt: number;
  updatedAt: number;
}
