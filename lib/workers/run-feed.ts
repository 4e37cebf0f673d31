import { drivenRunKeys, runIsFree, runLockName } from "./run-locks";
import type { RunHistory, RunJournal } from "@/lib/training/journal";
import type { DriverUpdate } from "@/lib/training/run-driver";
import { asSeen } from "@/lib/training/run-status";
import type { RunActivity, RunConnection } from "@/lib/training/types";
import type { RunUpdate } from "./hosts";
import type { RunNews } from "./training-messages";

const FRAME_MS = 33;
const LOG_ENTRIES = 500;
/** Steps a message: the page takes each apart in a few milliseconds. */
const CHUNK = 4_000;

const NO_CONNECTION: RunConnection = {
  lastAcknowledgedAt: null,
  lastHeartbeatAt: null,
  queueState: null,
  retries: 0,
};

export interface FeedOptions {
  journal: RunJournal;
  /** Takes what the page is to see. */
  post: (update: RunUpdate) => void;
}

/**
 * What is new in one run, for the page of this worker and for other tabs, at most once a frame. The news come from the driver in
 * this worker, or from another tab's over a channel; what was before, from the journal.
 */
export class RunFeed {
  isWatched = false;
  readonly #key: string;
  readonly #options: FeedOptions;
  readonly #channel: BroadcastChannel;
  readonly #closing = new AbortController();
  #isDriver = false;
  #isReading = false;
  #isAwaitingDriver = false;
  #news: RunNews | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string, options: FeedOptions) {
    this.#key = key;
    this.#options = options;
    this.#channel = new BroadcastChannel(runLockName(key));
    this.#channel.onmessage = ({ data }: MessageEvent<RunNews>) => {
      if (this.#isDriver) return;
      this.#add(data);
      this.#noticeLostDriver();
    };
  }

  /** News of the driver in this worker. */
  publish({
    record,
    activity,
    connection,
    steps,
    validations,
    log,
    dropAfterStep,
  }: DriverUpdate): void {
    this.#isDriver = true;
    const added = {
      addedSteps: [...steps],
      addedValidations: [...validations],
      addedLog: [...log],
    };
    this.#add({ record, activity, connection, ...added, isRewound: dropAfterStep !== undefined });
  }

  /** The driver in this worker has let go. */
  endDriving(): void {
    this.#flush();
    this.#isDriver = false;
  }

  /** Sends the page the whole, then what is new. */
  async watch(): Promise<void> {
    this.isWatched = true;
    if (!this.#isReading) await this.#sendWhole();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort(new DOMException("nobody watches any more", "AbortError"));
    this.#channel.close();
  }

  #add(news: RunNews): void {
    const old = this.#news;
    this.#news = old
      ? {
          ...news,
          addedSteps: [...old.addedSteps, ...news.addedSteps],
          addedValidations: [...old.addedValidations, ...news.addedValidations],
          addedLog: [...old.addedLog, ...news.addedLog],
          isRewound: old.isRewound || news.isRewound,
        }
      : news;
    this.#timer ??= setTimeout(() => this.#flush(), FRAME_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const news = this.#news;
    if (!news || this.#isReading) return;
    this.#news = null;
    if (this.#isDriver) this.#channel.postMessage(news);
    if (!this.isWatched) return;
    if (news.isRewound) void this.#sendWhole(news).catch(() => {});
    else
      this.#options.post({
        key: this.#key,
        isDriver: this.#isDriver,
        isWhole: false,
        ...withoutMark(news),
      });
  }

  /** The journal first; what came meanwhile follows, without what the journal already had. */
  async #sendWhole(latest?: { activity: RunActivity; connection: RunConnection }): Promise<void> {
    this.#isReading = true;
    try {
      const { journal, post } = this.#options;
      const [stored, history, driven] = await Promise.all([
        journal.record(this.#key),
        journal.history(this.#key, { logEntries: LOG_ENTRIES }),
        drivenRunKeys(),
      ]);
      if (!stored) return;
      const isDriven = this.#isDriver || driven.has(this.#key);
      const rest = {
        key: this.#key,
        record: asSeen(stored, isDriven),
        activity: latest?.activity ?? { code: "idle", since: stored.updatedAt },
        connection: latest?.connection ?? NO_CONNECTION,
        isDriver: this.#isDriver,
      };
      const first = { addedValidations: history.validations, addedLog: history.log };
      post({ ...rest, ...first, addedSteps: history.steps.slice(0, CHUNK), isWhole: true });
      for (let from = CHUNK; from < history.steps.length; from += CHUNK) {
        const addedSteps = history.steps.slice(from, from + CHUNK);
        post({ ...rest, addedSteps, addedValidations: [], addedLog: [], isWhole: false });
      }
      if (this.#news) this.#news = withoutKnown(this.#news, history);
      if (isDriven && !this.#isDriver) this.#noticeLostDriver();
    } finally {
      this.#isReading = false;
      if (this.#news) this.#timer ??= setTimeout(() => this.#flush(), FRAME_MS);
    }
  }

  /** Tells the page when the tab that drives the run lets go or is closed. */
  #noticeLostDriver(): void {
    if (this.#isAwaitingDriver) return;
    this.#isAwaitingDriver = true;
    const { signal } = this.#closing;
    runIsFree(this.#key, { signal })
      .then(() => {
        this.#isAwaitingDriver = false;
        return this.isWatched && !this.#isDriver ? this.#sendWhole() : undefined;
      })
      .catch(() => {});
  }
}

function withoutMark({ isRewound: _, ...update }: RunNews): Omit<RunNews, "isRewound"> {
  return update;
}

function withoutKnown(news: RunNews, known: RunHistory): RunNews {
  const lastStep = known.steps.at(-1)?.step ?? 0;
  const lastValidation = known.validations.at(-1)?.step ?? -1;
  const lastLogAt = known.log.at(-1)?.at ?? 0;
  return {
    ...news,
    addedSteps: news.addedSteps.filter((point) => point.step > lastStep),
    addedValidations: news.addedValidations.filter((point) => point.step > lastValidation),
    addedLog: news.addedLog.filter((entry) => entry.at > lastLogAt),
  };
}
