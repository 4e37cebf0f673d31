import type { Clock } from "@/lib/base/clock";
import { WireError } from "@/lib/base/errors";

import { describeError, refusal } from "./http/errors";

export interface FuturesOptions {
  clock: Clock;
  newId: () => string;
  /** Called with a failure that is nobody's fault but the server's. */
  onFault?: (error: unknown) => void;
  /** How long a poll waits for a result. */
  longPollMs?: number;
  /** How long a finished result stays. */
  keepMs?: number;
  maxCount?: number;
  /** Upper bound of one owner's results that are not there yet. */
  maxPending?: number;
  /** Upper bound of all finished results together, as JSON text. */
  maxResultChars?: number;
}

interface Future {
  owner: string;
  /** The answer as JSON text; null while the work runs. */
  result: string | null;
  doneAt: number;
  done: Promise<void>;
}

/** Results of the compute calls, kept in memory until they are old or too many; oldest go first. */
export class Futures {
  private readonly futures = new Map<string, Future>();
  private resultChars = 0;
  private readonly pending = new Map<string, number>();
  private readonly options: Required<FuturesOptions>;

  constructor(options: FuturesOptions) {
    this.options = {
      onFault: () => undefined,
      longPollMs: 30_000,
      keepMs: 3_600_000,
      maxCount: 20_000,
      maxPending: 1000,
      maxResultChars: 256 * 1024 * 1024,
      ...options,
    };
  }

  /**
   * Starts the work and answers the id of its result at once. A rejection becomes a failed future.
   *
   * @throws WireError 429 when too many results of the owner are still to come
   */
  submit(owner: string, work: () => Promise<object> | object): string {
    const { maxPending } = this.options;
    if (this.pendingOf(owner) >= maxPending)
      throw refusal(
        429,
        `${maxPending} of your calls wait already; send the next one when some are done.`,
      );
    this.pending.set(owner, this.pendingOf(owner) + 1);
    const id = `req_${this.options.newId()}`;
    const future: Future = { owner, result: null, doneAt: 0, done: Promise.resolve() };
    future.done = (async () => work())()
      .catch((error: unknown) => {
        if (describeError(error).status === 500) this.options.onFault(error);
        return failureOf(error);
      })
      .then((value) => {
        future.result = JSON.stringify(value);
        this.settle(owner);
        future.doneAt = this.options.clock.now();
        this.resultChars += future.result.length;
        this.dropOld();
      });
    this.futures.set(id, future);
    return id;
  }

  /**
   * The result as JSON text: a value, `{error, category}`, or `try_again` when it is not there within the poll time.
   *
   * @throws WireError 404 when the id is another token's, 410 when it is unknown or its result was dropped
   */
  async retrieve(owner: string, id: string, { signal }: { signal: AbortSignal }): Promise<string> {
    const future = this.futures.get(id);
    if (future && future.owner !== owner) throw refusal(404, `The result ${id} was not found`);
    if (!future) {
      throw refusal(
        410,
        `The result ${id} is not here: it is older than an hour, or the server was restarted.`,
      );
    }
    if (future.result === null) await this.waitFor(future, signal);
    return (
      future.result ??
      JSON.stringify({ type: "try_again", queue_state: "active", queue_state_reason: null })
    );
  }

  private pendingOf(owner: string): number {
    return this.pending.get(owner) ?? 0;
  }

  private settle(owner: string): void {
    const left = this.pendingOf(owner) - 1;
    if (left > 0) this.pending.set(owner, left);
    else this.pending.delete(owner);
  }

  get count(): number {
    return this.futures.size;
  }

  get pendingCount(): number {
    return [...this.pending.values()].reduce((sum, count) => sum + count, 0);
  }

  private async waitFor(future: Future, signal: AbortSignal): Promise<void> {
    const finished = new AbortController();
    const timer = this.options.clock.sleep(this.options.longPollMs, {
      signal: AbortSignal.any([signal, finished.signal]),
    });
    try {
      await Promise.race([future.done, timer.catch(() => undefined)]);
    } finally {
      finished.abort();
    }
  }

  private dropOld(): void {
    const oldest = this.options.clock.now() - this.options.keepMs;
    for (const [id, { result, doneAt }] of this.futures) {
      const isCrowded =
        this.futures.size > this.options.maxCount || this.resultChars > this.options.maxResultChars;
      if (result === null) continue;
      if (doneAt >= oldest && !isCrowded) break;
      this.futures.delete(id);
      this.resultChars -= result.length;
    }
  }
}

function failureOf(error: unknown): { error: string; category: "user" | "server" } {
  const isCallersFault = error instanceof WireError && error.status < 500;
  return { error: describeError(error).sentence, category: isCallersFault ? "user" : "server" };
}
