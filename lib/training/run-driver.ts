import type { Clock } from "@/lib/base/clock";
import { fromErrorReport, isAbort, StudioError, toErrorReport } from "@/lib/base/errors";
import type { TrainingApi } from "@/lib/client/training-api";
import type { TokenRows } from "@/lib/dataset/types";
import type { JournalEntry, RunJournal } from "./journal";
import { planRun } from "./plan";
import { createLife, unloadModel, type LifeEvent, type RunLife } from "./run-life";
import { begin, reduce } from "./run-machine";
import { isPlannedOn } from "./run-record";
import { createPreparer, type PrepareWork } from "./prepare-work";
import type { Effect, RunState } from "./run-state";
import type { LogEntry, RunActivity, RunConnection, RunRecord } from "./types";

/** What is new since the last update. */
export interface DriverUpdate extends JournalEntry {
  activity: RunActivity;
  connection: RunConnection;
}

export interface DriverOptions {
  api: TrainingApi;
  journal: RunJournal;
  clock: Clock;
  rows: TokenRows;
  onUpdate: (update: DriverUpdate) => void;
  /** Ends the driving as a crash would: nothing is saved, nothing is freed, and `done` rejects with its reason. */
  signal: AbortSignal;
}

/**
 * Drives a run from its last checkpoint until it is done, paused, stopped or cannot go on.
 *
 * Every event is reduced, then written to the journal, and only then are its effects carried out: whatever the server was
 * asked to do, the journal says why. A journal that cannot be written ends the run as `failed`.
 */
export class RunDriver {
  /** The record of the run when nobody drives it any more. */
  readonly done: Promise<RunRecord>;
  readonly #options: DriverOptions;
  readonly #prepare: PrepareWork;
  readonly #samples = new Map<
    number,
    { resolve: (path: string) => void; reject: (error: Error) => void }
  >();
  readonly #inbox: { event: LifeEvent; life?: AbortSignal }[] = [];
  #effects: Effect[];
  #state: RunState;
  #life: { life: RunLife; end: () => void };
  #isWorking = false;
  #commands = 0;
  #resolve: (record: RunRecord) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** @throws {@link StudioError} `dataset_invalid` when the rows are not those that the run was planned on */
  constructor(record: RunRecord, options: DriverOptions) {
    const plan = planRun(record.config, options.rows);
    if (!isPlannedOn(record, plan)) {
      throw new StudioError(
        "dataset_invalid",
        "the dataset is not the one that the run was planned on",
      );
    }
    this.#options = options;
    this.#prepare = createPreparer(options.api, options.rows, record.config, plan);
    [this.#state, this.#effects] = begin(record, options.clock.now());
    this.#life = this.#newLife();
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(): this {
    const { signal } = this.#options;
    const onAbort = () => {
      this.#life.end();
      this.#reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    void this.#work();
    return this;
  }

  /** Saves at the next boundary, frees the slot and lets go. */
  pause(): void {
    this.#send({ type: "pause" });
  }

  stop({ save }: { save: boolean }): void {
    this.#send({ type: "stop", save });
  }

  saveNow(): void {
    this.#send({ type: "save_now" });
  }

  /** A path of the weights as they are at the next boundary. */
  saveForSampling(): Promise<string> {
    const command = (this.#commands += 1);
    return new Promise((resolve, reject) => {
      if (this.#state.phase === "released")
        return reject(new StudioError("conflict", "the run has ended"));
      this.#samples.set(command, { resolve, reject });
      this.#send({ type: "save_for_sampling", command });
    });
  }

  /** @param life - of the model that the event is about; news of one that was given up meanwhile are dropped */
  #send(event: LifeEvent, life?: AbortSignal): void {
    this.#inbox.push({ event, ...(life && { life }) });
    if (!this.#isWorking) void this.#work();
  }

  /** Takes what has come, one journal entry for all of it, until nothing comes any more. */
  async #work(): Promise<void> {
    const { journal, onUpdate, signal } = this.#options;
    this.#isWorking = true;
    try {
      do {
        this.#takeEvents();
        const effects = this.#effects.splice(0);
        const news = newsOf(this.#state, effects);
        await journal.write(news);
        if (signal.aborted) return;
        onUpdate(news);
        for (const effect of effects) this.#carryOut(effect);
      } while (this.#inbox.length > 0);
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#isWorking = false;
    }
  }

  /** Up to the first that gives up the model: what comes after it must meet the new one. */
  #takeEvents(): void {
    for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) {
      if (next.life?.aborted) continue;
      const at = this.#options.clock.now();
      const [state, effects] = reduce(this.#state, { ...next.event, at });
      this.#state = state;
      this.#effects.push(...effects);
      if (effects.some(({ type }) => type === "abandon")) return;
    }
  }

  #carryOut(effect: Effect): void {
    const { api, clock, signal } = this.#options;
    switch (effect.type) {
      case "open":
        return this.#inBackground(this.#life.life.open(effect));
      case "submit":
        return this.#inBackground(this.#life.life.submit(effect));
      case "wait":
        return this.#inBackground(this.#life.life.wait(effect.ms));
      case "abandon":
        this.#life.end();
        this.#life = this.#newLife();
        return;
      case "unload":
        return this.#inBackground(
          unloadModel(api, effect.modelId, { clock, signal }).then(() =>
            this.#send({ type: "unloaded" }),
          ),
        );
      case "answer": {
        const asker = this.#samples.get(effect.command);
        this.#samples.delete(effect.command);
        if ("path" in effect.result) asker?.resolve(effect.result.path);
        else asker?.reject(fromErrorReport(effect.result.error));
        return;
      }
      case "release":
        this.#life.end();
        this.#refuseSamples(new StudioError("conflict", "the run has ended"));
        this.#resolve(this.#state.record);
        return;
      default:
    }
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!isAbort(error) && !this.#options.signal.aborted)
        this.#send({ type: "broken", error: toErrorReport(error) });
    });
  }

  #newLife(): { life: RunLife; end: () => void } {
    const { api, clock, onUpdate } = this.#options;
    const ending = new AbortController();
    const life = createLife(
      {
        api,
        clock,
        prepare: this.#prepare,
        emit: (event) => {
          if (!ending.signal.aborted) this.#send(event, ending.signal);
        },
        onRequest: (call, id) => {
          const entry: LogEntry = {
            at: clock.now(),
            level: "info",
            code: "request",
            params: { call, id },
          };
          onUpdate({ ...newsOf(this.#state, []), log: [entry] });
        },
      },
      ending.signal,
    );
    return {
      life,
      end: () => ending.abort(new DOMException("the model was given up", "AbortError")),
    };
  }

  #refuseSamples(error: StudioError): void {
    for (const asker of this.#samples.values()) asker.reject(error);
    this.#samples.clear();
  }

  /** Without a journal nothing may go on; what can still be told is told. */
  #giveUp(cause: unknown): void {
    const { api, clock, onUpdate, signal } = this.#options;
    const error = toErrorReport(cause);
    this.#life.end();
    this.#state = {
      ...this.#state,
      phase: "released",
      record: { ...this.#state.record, status: "failed", error },
    };
    onUpdate(newsOf(this.#state, []));
    this.#refuseSamples(fromErrorReport(error));
    unloadModel(api, this.#state.record.serverRunId, { clock, signal })
      .catch(() => {})
      .finally(() => this.#resolve(this.#state.record));
  }
}

function newsOf(
  { record, activity, connection }: RunState,
  effects: readonly Effect[],
): DriverUpdate {
  const news = {
    record,
    activity,
    connection,
    steps: [],
    validations: [],
    log: [],
  } as DriverUpdate;
  return effects.reduce<DriverUpdate>((sum, effect) => {
    switch (effect.type) {
      case "step_confirmed":
        return { ...sum, steps: [...sum.steps, effect.point] };
      case "validated":
        return { ...sum, validations: [...sum.validations, effect.point] };
      case "log":
        return { ...sum, log: [...sum.log, effect.entry] };
      case "dropped_after":
        return {
          ...sum,
          dropAfterStep: effect.step,
          steps: sum.steps.filter((point) => point.step <= effect.step),
          validations: sum.validations.filter((point) => point.step <= effect.step),
        };
      default:
        return sum;
    }
  }, news);
}
