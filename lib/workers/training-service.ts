import { assertNever } from "@/lib/base/assert-never";
import type { Clock } from "@/lib/base/clock";
import { StudioError, toErrorReport } from "@/lib/base/errors";
import type { TrainingApi } from "@/lib/client/training-api";
import type { TokenRows } from "@/lib/dataset/types";
import type { lockRun } from "./run-locks";
import type { RunJournal } from "@/lib/training/journal";
import { planRun } from "@/lib/training/plan";
import { RunDriver } from "@/lib/training/run-driver";
import { unloadModel } from "@/lib/training/run-life";
import { newRunRecord } from "@/lib/training/run-record";
import type { RunConfig, RunRecord } from "@/lib/training/types";
import { RunFeed } from "./run-feed";
import type { TrainingCommand, TrainingMessage, TrainingRequest } from "./training-messages";

/** A reloaded page asks for the run while the worker of the page before may still be closing. */
const LOCK_WAIT_MS = 2_000;

export interface ServiceOptions {
  /** Calls bound to the server of a run: refused while the studio is connected to another one. */
  apiOf: (serverId: string) => TrainingApi;
  journal: RunJournal;
  clock: Clock;
  openRows: (config: RunConfig) => Promise<TokenRows>;
  newKey: () => string;
  lock: typeof lockRun;
  /** When the server was last seen to refuse an optimizer state; null where it was not, or took one since. */
  optimizerRefusedAt: (serverId: string) => Promise<number | null>;
  post: (message: TrainingMessage) => void;
}

/** What the training worker does: carries out commands, drives the runs that this tab holds, and feeds the page. */
export class TrainingService {
  readonly #options: ServiceOptions;
  readonly #drivers = new Map<string, RunDriver>();
  readonly #feeds = new Map<string, RunFeed>();
  readonly #ending = new AbortController();

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  async answer({ id, command }: TrainingRequest): Promise<void> {
    const { post } = this.#options;
    try {
      post({ type: "answer", id, result: { text: (await this.#carryOut(command)) ?? "" } });
    } catch (error) {
      post({ type: "answer", id, result: { error: toErrorReport(error) } });
    }
  }

  async #carryOut(command: TrainingCommand): Promise<string | void> {
    switch (command.type) {
      case "start":
        return this.#start(command.config, command.serverId);
      case "resume":
        return this.#resume(command.key);
      case "pause":
        return this.#driverOf(command.key).pause();
      case "save_now":
        return this.#driverOf(command.key).saveNow();
      case "save_for_sampling":
        return this.#driverOf(command.key).saveForSampling();
      case "stop":
        return this.#stop(command.key, command.save);
      case "remove":
        return this.#remove(command.key);
      case "watch":
        return this.#feedOf(command.key).watch();
      case "unwatch":
        return this.#unwatch(command.key);
      default:
        return assertNever(command);
    }
  }

  async #start(config: RunConfig, serverId: string): Promise<string> {
    const { journal, clock, openRows, newKey, lock } = this.#options;
    const rows = await openRows(config);
    const plan = planRun(config, rows);
    if (plan.totalSteps === 0)
      throw new StudioError("dataset_invalid", "no row of the dataset can be trained");
    const record = newRunRecord(config, plan, { key: newKey(), serverId, at: clock.now() });
    const unlock = await lock(record.key, { waitMs: LOCK_WAIT_MS });
    try {
      await journal.write({ record, steps: [], validations: [], log: [] });
      await this.#drive(record, rows, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
    return record.key;
  }

  async #resume(key: string): Promise<void> {
    if (this.#drivers.has(key)) return;
    const unlock = await this.#options.lock(key, { waitMs: LOCK_WAIT_MS });
    try {
      const record = await this.#recordOf(key);
      if (record.status === "done") throw new StudioError("conflict", "the run is done");
      await this.#drive(record, await this.#options.openRows(record.config), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Drives a run under its lock until it ends. */
  async #drive(record: RunRecord, rows: TokenRows, unlock: () => void): Promise<void> {
    const { apiOf, journal, clock, optimizerRefusedAt } = this.#options;
    const { key } = record;
    const feed = this.#feedOf(key);
    const { signal } = this.#ending;
    const refusedAt = await optimizerRefusedAt(record.serverId);
    const known = refusedAt === null ? record : { ...record, optimizerRefusedAt: refusedAt };
    const driver = new RunDriver(known, {
      api: apiOf(record.serverId),
      journal,
      clock,
      rows,
      signal,
      onUpdate: (news) => feed.publish(news),
    });
    this.#drivers.set(key, driver);
    void driver
      .start()
      .done.catch(() => {})
      .finally(() => {
        this.#drivers.delete(key);
        feed.endDriving();
        unlock();
        this.#closeIfIdle(key);
      });
  }

  async #stop(key: string, save: boolean): Promise<void> {
    const driver = this.#drivers.get(key);
    if (driver) return driver.stop({ save });
    await this.#underLock(key, async () => {
      const record = await this.#recordOf(key);
      const stopped: RunRecord = { ...record, status: "stopped" };
      await this.#options.journal.write({ record: stopped, steps: [], validations: [], log: [] });
      await unloadModel(this.#options.apiOf(record.serverId), record.serverRunId, {
        ...this.#options,
        signal: this.#ending.signal,
      });
    });
    await this.#feeds.get(key)?.watch();
  }

  async #remove(key: string): Promise<void> {
    const driver = this.#drivers.get(key);
    driver?.stop({ save: false });
    await driver?.done;
    await this.#underLock(key, () => this.#options.journal.remove(key));
  }

  async #underLock(key: string, run: () => Promise<void>): Promise<void> {
    const unlock = await this.#options.lock(key, { waitMs: LOCK_WAIT_MS });
    try {
      await run();
    } finally {
      unlock();
    }
  }

  #driverOf(key: string): RunDriver {
    const driver = this.#drivers.get(key);
    if (!driver) throw new StudioError("run_locked", "this tab does not drive the run");
    return driver;
  }

  async #recordOf(key: string): Promise<RunRecord> {
    const record = await this.#options.journal.record(key);
    if (!record) throw new StudioError("not_found", "the run is not in this browser");
    return record;
  }

  #feedOf(key: string): RunFeed {
    const { journal, post } = this.#options;
    const feed =
      this.#feeds.get(key) ??
      new RunFeed(key, { journal, post: (update) => post({ type: "update", update }) });
    this.#feeds.set(key, feed);
    return feed;
  }

  #unwatch(key: string): void {
    const feed = this.#feeds.get(key);
    if (feed) feed.isWatched = false;
    this.#closeIfIdle(key);
  }

  #closeIfIdle(key: string): void {
    const feed = this.#feeds.get(key);
    if (!feed || feed.isWatched || this.#drivers.has(key)) return;
    feed.close();
    this.#feeds.delete(key);
  }
}
