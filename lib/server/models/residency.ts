import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import type { Clock } from "@/lib/base/clock";
import { isAbort } from "@/lib/base/errors";

import { isRunning } from "../runs/durable-files";
import { LORA_ALPHA, type LiveModel, type LiveModels } from "./live-models";
import type { Memory, MemoryHolder } from "./memory";
import { SpilledAdapter } from "./spilled-adapter";
import type { Turns } from "./turns";

export interface ResidencyOptions {
  clock: Clock;
  live: LiveModels;
  turns: Turns;
  memory: Memory;
  dataDir: string;
  /** Without a request for this long, an adapter leaves memory. */
  idleMs: number;
}

/** Puts idle adapters on disk, word for word, and brings them back on use: no client can tell. */
export class Residency implements MemoryHolder {
  private readonly options: ResidencyOptions;
  private readonly folder: string;

  constructor(options: ResidencyOptions) {
    this.options = options;
    const all = path.join(options.dataDir, "spilled");
    this.folder = path.join(all, String(process.pid));
    mkdirSync(this.folder, { recursive: true });
    // They die with their server.
    for (const pid of readdirSync(all))
      if (!isRunning(Number(pid))) rmSync(path.join(all, pid), { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * The adapter is in its engine when this resolves, and stays until the model's turn ends. In that turn only.
   *
   * @throws WireError 503 when there is no room
   */
  async bringIn(model: LiveModel): Promise<void> {
    const { base, id, rank, spilled } = model;
    if (!spilled) return;
    this.options.memory.makeRoom(model.bytes);
    model.spilled = null;
    try {
      const words = await spilled.read();
      await base.engine.putBackAdapter(id, { rank, alpha: LORA_ALPHA, seed: 0 }, words);
    } catch (error) {
      model.spilled = spilled;
      throw error;
    }
    await spilled.discard();
  }

  /** Drops the adapter wherever it is. In the model's turn only. */
  async drop(model: LiveModel): Promise<void> {
    if (model.spilled) await model.spilled.discard();
    else model.base.engine.dropAdapter(model.id);
  }

  bytes(): number {
    return this.options.live.bytes();
  }

  /** Any adapter may go but the one that is being worked on; those that nobody waits for go first. */
  freeOne(): boolean {
    const { live, turns } = this.options;
    const [first] = live
      .all()
      .filter(({ id, spilled }) => !spilled && !turns.isRunning(id))
      .sort(
        (a, b) =>
          Number(turns.count(a.id) > 0) - Number(turns.count(b.id) > 0) ||
          a.lastRequestAt - b.lastRequestAt,
      );
    if (first) this.putOut(first);
    return first !== undefined;
  }

  /** Puts adapters out when they have been idle long enough, until the signal aborts. */
  async watch({ signal }: { signal: AbortSignal }): Promise<void> {
    const { clock, idleMs, live, turns } = this.options;
    try {
      for (;;) {
        await clock.sleep(idleMs / 4, { signal });
        for (const model of live.all()) {
          const isIdle = turns.count(model.id) === 0 && clock.now() - model.lastRequestAt >= idleMs;
          if (isIdle && !model.spilled) this.putOut(model);
        }
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  private putOut(model: LiveModel): void {
    const words = model.base.engine.takeOutAdapter(model.id);
    model.spilled = new SpilledAdapter(path.join(this.folder, model.id), words);
  }
}
