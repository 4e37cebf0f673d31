import type { RunHistory, RunJournal } from "@/lib/training/journal";
import type { DriverUpdate } from "@/lib/training/run-driver";
import { asSeen } from "@/lib/training/run-status";
import type { RunActivity, RunConnection } from "@/lib/training/types";
import type { RunUpdate } from "./hosts";
import { drivenRunKeys, runIsFree, runLockName } from "./run-locks";
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

interface KnownEnds {
  step: number;
  validation: number;
  logAt: number;
}
const NOTHING_KNOWN: KnownEnds = { step: 0, validation: 0, logAt: 0 };

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
  #latest: { activity: RunActivity; connection: RunConnection } | undefined;
  /** Ends of what the page was sent as the whole: another tab's news may come after the journal was read and tell the same again. */
  #known: KnownEnds = NOTHING_KNOWN;
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
    this.#latest = { activity: news.activity, connection: news.connection };
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
    if (news.isRewound) void this.#sendWhole().catch(() => {});
    else
      this.#options.post({
        key: this.#key,
        isDriver: this.#isDriver,
        isWhole: false,
        ...newsAfter(this.#known, news),
      });
  }

  /** The journal first; what came meanwhile follows, without what the journal already had. */
  async #sendWhole(): Promise<void> {
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
        activity: (isDriven && this.#latest?.activity) || {
          code: "idle" as const,
          since: stored.updatedAt,
        },
        connection: this.#latest?.connection ?? NO_CONNECTION,
        isDriver: this.#isDriver,
      };
      const first = { addedValidations: history.validations, addedLog: history.log };
      post({ ...rest, ...first, addedSteps: history.steps.slice(0, CHUNK), isWhole: true });
      for (let from = CHUNK; from < history.steps.length; from += CHUNK) {
        const addedSteps = history.steps.slice(from, from + CHUNK);
        post({ ...rest, addedSteps, addedValidations: [], addedLog: [], isWhole: false });
      }
      this.#known = endsOf(history);
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

function endsOf({ steps, validations, log }: RunHistory): KnownEnds {
  return {
    step: steps.at(-1)?.step ?? 0,
    validation: validations.at(-1)?.step ?? 0,
    logAt: log.at(-1)?.at ?? 0,
  };
}

function newsAfter(
  known: KnownEnds,
  { isRewound: _, ...news }: RunNews,
): Omit<RunNews, "isRewound"> {
  return {
    ...news,
    addedSteps: news.addedSteps.filter((point) => point.step > known.step),
    addedValidations: news.addedValidations.filter((point) => point.step > known.validation),
    addedLog: news.addedLog.filter((entry) => entry.at > known.logAt),
  };
}
