import type { ErrorReport } from "@/lib/base/errors";
import type { RunConfig } from "@/lib/training/types";
import type { RunUpdate } from "./hosts";

export type TrainingCommand =
  | { type: "start"; config: RunConfig; serverId: string }
  | { type: "resume"; key: string }
  | { type: "pause"; key: string }
  | { type: "save_now"; key: string }
  | { type: "stop"; key: string; save: boolean }
  | { type: "save_for_sampling"; key: string }
  | { type: "remove"; key: string }
  | { type: "watch"; key: string }
  | { type: "unwatch"; key: string };

/** Page to worker: every command is answered once. */
export interface TrainingRequest {
  id: number;
  command: TrainingCommand;
}

/** Worker to page. `text` is a run's key or a path, where the command asks for one. */
export type TrainingMessage =
  | { type: "answer"; id: number; result: { text: string } | { error: ErrorReport } }
  | { type: "update"; update: RunUpdate };

/** Tab to tab: what the driver of a run has published. */
export type RunNews = Omit<RunUpdate, "isDriver" | "isWhole" | "key"> & {
  /** Steps were dropped: whoever follows reads the journal anew. */
  isRewound: boolean;
};
