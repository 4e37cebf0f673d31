import { refusal } from "./errors";

/** The requests that are not answered yet. One list, because AbortSignal.any with the server's own signal leaks on every request. */
export class OpenRequests {
  private readonly owners = new Map<string, Set<AbortController>>();
  private readonly max: number;

  /** @param max - for each owner */
  constructor(max: number) {
    this.max = max;
  }

  add(owner: string): AbortController {
    const request = new AbortController();
    const requests = this.owners.get(owner) ?? new Set();
    this.owners.set(owner, requests.add(request));
    return request;
  }

  /** @throws WireError 429 when the owner has more open requests than are allowed */
  expectRoom(owner: string): void {
    if ((this.owners.get(owner)?.size ?? 0) > this.max)
      throw refusal(429, `${this.max} of your requests are open already; wait for some answers.`);
  }

  /** Aborts the request, when it still runs, and forgets it. */
  end(owner: string, request: AbortController): void {
    const requests = this.owners.get(owner);
    requests?.delete(request);
    if (requests?.size === 0) this.owners.delete(owner);
    request.abort();
  }

  abortAll(): void {
    for (const requests of this.owners.values()) for (const request of requests) request.abort();
  }
}
