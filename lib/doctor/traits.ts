import * as z from "zod/mini";
import { WireError } from "@/lib/base/errors";
import type { Heard } from "./exchanges";
import type { RoutePresence } from "./probe-routes";

/** How a server behaves, learned by asking it. Plain data; null where it was not found out. */
export interface ServerTraits {
  /** By method and path, as `POST chat/completions`. */
  routes: Record<string, RoutePresence>;
  /** What paths of checkpoints begin with, as `twinkle://`. */
  pathPrefix: string | null;
  /** How lists name checkpoints: `weights/NAME` or bare `NAME`. */
  checkpointIds: "with_folder" | "bare" | null;
  /** How an unfinished request is answered: with `try_again`, or held until a time-out (408). */
  pending: "try_again" | "held" | null;
  /** Longest time for which the server held a look at an unfinished request. */
  longestHoldMs: number | null;
  /** What the same request with the same `seq_id` came to. */
  resend: "same_future" | "refused" | "runs_twice" | null;
  streams: boolean | null;
  promptLogprobs: boolean | null;
  samplesTrainingCheckpoints: boolean | null;
  greedyAtZero: boolean | null;
  seeds: boolean | null;
  metricNames: { forwardBackward: string[]; optimStep: string[] };
}

export function unknownTraits(): ServerTraits {
  return {
    routes: {},
    pathPrefix: null,
    checkpointIds: null,
    pending: null,
    longestHoldMs: null,
    resend: null,
    streams: null,
    promptLogprobs: null,
    samplesTrainingCheckpoints: null,
    greedyAtZero: null,
    seeds: null,
    metricNames: { forwardBackward: [], optimStep: [] },
  };
}

const tryAgain = z.object({ type: z.literal("try_again") });
const listedIds = z.object({ checkpoints: z.array(z.object({ checkpoint_id: z.string() })) });

/** What a single answer tells of a server. */
export function learnFrom({ path, ms, answer, error }: Heard, traits: ServerTraits): void {
  if (path.endsWith("/checkpoints")) {
    const ids = z.safeParse(listedIds, answer).data?.checkpoints;
    if (ids?.length)
      traits.checkpointIds = ids.every(({ checkpoint_id: id }) => id.includes("/"))
        ? "with_folder"
        : "bare";
  }
  if (path !== "retrieve_future") return;
  const isTryAgain = z.safeParse(tryAgain, answer).success;
  const isHeld = error instanceof WireError && error.status === 408;
  if (!isTryAgain && !isHeld) return;
  traits.pending = isTryAgain ? "try_again" : "held";
  traits.longestHoldMs = Math.max(traits.longestHoldMs ?? 0, ms);
}
