import type { LossResult } from "../engine/types";
import { refusal } from "../http/errors";
import type { ServedModel } from "./served-model";
import type { SpilledAdapter } from "./spilled-adapter";

/** The scale of every adapter is `alpha / rank`. */
export const LORA_ALPHA = 32;

/** An adapter in memory: one training run that can be trained right now. Its id is the run's id. */
export interface LiveModel {
  id: string;
  owner: string;
  sessionId: string;
  base: ServedModel;
  rank: number;
  userMetadata: Record<string, unknown> | null;
  /** What its adapter takes in memory while it is trained. */
  bytes: number;
  /** Where the adapter is while it is not in the engine; null while it is. */
  spilled: SpilledAdapter | null;
  /** When it was made, in ms since the epoch. */
  createdAt: number;
  lastRequestAt: number;
  forwardCalls: number;
  optimizerSteps: number;
  /** What the forward_backward calls since the last optimizer step gave; empty means no gradient is there. */
  pendingLosses: Pick<LossResult, "loss" | "pairs">[];
  lastLoss: number | null;
  /** Requests that carried a `seq_id`, so that a resent one finds its future. */
  sent: Map<string, { body: string; requestId: string }>;
}

type ModelFacts = Pick<
  LiveModel,
  "id" | "owner" | "sessionId" | "base" | "rank" | "userMetadata" | "createdAt"
>;

/** A model that nothing was done with yet. */
export function freshModel(facts: ModelFacts): LiveModel {
  return {
    ...facts,
    bytes: facts.base.adapterBytes(facts.rank).trained,
    spilled: null,
    lastRequestAt: facts.createdAt,
    forwardCalls: 0,
    optimizerSteps: 0,
    pendingLosses: [],
    lastLoss: null,
    sent: new Map(),
  };
}

/** The adapters that can be trained right now, at most `maxLoras` at once. */
export class LiveModels {
  readonly maxLoras: number;
  private readonly models = new Map<string, LiveModel>();
  private readonly starting = new Set<LiveModel>();

  constructor({ maxLoras }: { maxLoras: number }) {
    this.maxLoras = maxLoras;
  }

  get usedLoras(): number {
    return this.models.size + this.starting.size;
  }

  /** Bytes of the adapters that are in their engines, or about to be. */
  bytes(): number {
    return [...this.models.values(), ...this.starting]
      .filter(({ spilled }) => !spilled)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Holds a slot while the model is started, and keeps it when that succeeds.
   *
   * @throws WireError 503 when every slot is taken
   */
  async add(model: LiveModel, start: () => Promise<void>): Promise<void> {
    if (this.usedLoras >= this.maxLoras) {
      throw refusal(
        503,
        `No lora available: all slots are in use. Unload a model or wait until one is free. Max loras: ${this.maxLoras}`,
      );
    }
    this.starting.add(model);
    try {
      await start();
      this.models.set(model.id, model);
    } finally {
      this.starting.delete(model);
    }
  }

  /** @throws WireError 404 when it is unknown, unloaded or another token's */
  require(owner: string, id: string): LiveModel {
    const model = this.models.get(id);
    if (model?.owner !== owner) throw refusal(404, `Model ${id} not found`);
    return model;
  }

  find(owner: string, id: string): LiveModel | null {
    const model = this.models.get(id);
    return model?.owner === owner ? model : null;
  }

  all(): LiveModel[] {
    return [...this.models.values()];
  }

  ofSession(sessionId: string): LiveModel[] {
    return [...this.models.values()].filter((model) => model.sessionId === sessionId);
  }

  /** Takes the model out; the caller drops its adapter from the engine. */
  remove(id: string): void {
    this.models.delete(id);
  }
}
