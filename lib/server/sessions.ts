import type { Clock } from "@/lib/base/clock";
import { isAbort } from "@/lib/base/errors";

import { refusal } from "./http/errors";

export interface SessionsOptions {
  clock: Clock;
  newId: () => string;
  /** A session without a heartbeat for this long is over. */
  timeoutMs: number;
  /** Open sessions of one owner. */
  maxOpen?: number;
  onExpire: (sessionId: string) => void;
}

const MAX_OPEN = 1000;

interface Session {
  owner: string;
  silentMs: number;
}

/** Who is alive. Only heartbeats count: other calls do not prolong a session, as on Twinkle. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.options = options;
  }

  get count(): number {
    return this.sessions.size;
  }

  /** @throws WireError 429 when the owner has too many open sessions */
  open(owner: string): string {
    const { maxOpen = MAX_OPEN } = this.options;
    if (this.ofOwner(owner).length >= maxOpen)
      throw refusal(429, `${maxOpen} of your sessions are open; they end without a heartbeat.`);
    const id = `session_${this.options.newId()}`;
    this.sessions.set(id, { owner, silentMs: 0 });
    return id;
  }

  /** @throws WireError 404 */
  heartbeat(owner: string, id: string): void {
    this.require(owner, id).silentMs = 0;
  }

  /** The open sessions of an owner, newest first. */
  ofOwner(owner: string): string[] {
    const own = [...this.sessions].filter(([, session]) => session.owner === owner);
    return own.map(([id]) => id).reverse();
  }

  isOpen(owner: string, id: string): boolean {
    return this.sessions.get(id)?.owner === owner;
  }

  /** @throws WireError 404 when the session is unknown, over, or another token's */
  require(owner: string, id: string): Session {
    const session = this.sessions.get(id);
    if (session?.owner !== owner) throw refusal(404, "Unknown session");
    return session;
  }

  /** Ends silent sessions until the signal aborts. */
  async watch({ signal }: { signal: AbortSignal }): Promise<void> {
    const { clock, timeoutMs } = this.options;
    const tickMs = Math.min(1000, timeoutMs / 4);
    try {
      for (;;) {
        await clock.sleep(tickMs, { signal });
        this.age(tickMs);
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  /** Counted in ticks and not by the clock, so that a computer that slept does not end every session when it wakes. */
  private age(ms: number): void {
    for (const [id, session] of this.sessions) {
      session.silentMs += ms;
      if (session.silentMs < this.options.timeoutMs) continue;
      this.sessions.delete(id);
      this.options.onExpire(id);
    }
  }
}
