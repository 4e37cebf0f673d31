import type { Clock } from "@/lib/base/clock";

import type { Downloads } from "./downloads/downloads";
import type { Futures } from "./futures";
import type { LiveModels } from "./models/live-models";
import type { Memory } from "./models/memory";
import type { ModelCatalog } from "./models/model-catalog";
import type { Residency } from "./models/residency";
import type { ServedModel } from "./models/served-model";
import type { Turns } from "./models/turns";
import type { Publisher } from "./publish/publish";
import type { RunStore } from "./runs/run-store";
import type { CheckpointAdapters } from "./sampling/checkpoint-adapters";
import type { SamplingSessions } from "./sampling/sampling-sessions";
import type { Sessions } from "./sessions";

/** What the routes work with; put together once in `local-server.ts`. */
export interface Services {
  clock: Clock;
  /** 32 random hex digits. */
  newId: () => string;
  /** A random whole number for requests that bring no seed. */
  newSeed: () => number;
  catalog: ModelCatalog;
  /** Those that the catalog serves, by name. */
  models: ReadonlyMap<string, ServedModel>;
  downloads: Downloads;
  sessions: Sessions;
  live: LiveModels;
  /** Every call that touches an adapter's weights goes through here, in the lane of its model. */
  turns: Turns;
  /** Calls of one model that may wait. */
  maxQueue: number;
  memory: Memory;
  /** Whether an adapter is in its engine or on disk. */
  residency: Residency;
  futures: Futures;
  runs: RunStore;
  adapters: CheckpointAdapters;
  samplingSessions: SamplingSessions;
  publish: Publisher;
  /** Aborts when the server shuts down. */
  stopped: AbortSignal;
}
