import { refusal } from "../http/errors";

export interface SamplingSession {
  owner: string;
  /** The session it belongs to and ends with. */
  sessionId: string;
  baseModel: string | null;
  modelPath: string | null;
}

/** Of one session; the oldest go first. */
const MAX_OF_SESSION = 1000;

/** Short names for "this base model with this checkpoint". */
export class SamplingSessions {
  private readonly sessions = new Map<string, SamplingSession>();
  private readonly newId: () => string;

  constructor(newId: () => string) {
    this.newId = newId;
  }

  open(session: SamplingSession): string {
    const id = `sampling_${this.newId()}`;
    this.sessions.set(id, session);
    const [oldest, ...others] = this.ofSession(session.sessionId);
    if (oldest !== undefined && others.length >= MAX_OF_SESSION) this.sessions.delete(oldest);
    return id;
  }

  /** @throws WireError 404 when it is unknown, over, or another token's */
  require(owner: string, id: string): SamplingSession {
    const session = this.sessions.get(id);
    if (session?.owner !== owner) throw refusal(404, `Sampling session ${id} not found`);
    return session;
  }

  /** The ids of those that belong to a session, oldest first. */
  ofSession(sessionId: string): string[] {
    const own = [...this.sessions].filter(([, session]) => session.sessionId === sessionId);
    return own.map(([id]) => id);
  }

  endWith(sessionId: string): void {
    for (const [id, session] of this.sessions)
      if (session.sessionId === sessionId) this.sessions.delete(id);
  }
}
