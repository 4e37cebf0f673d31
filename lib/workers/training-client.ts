import { fromErrorReport, StudioError } from "@/lib/base/errors";
import type { RunConfig } from "@/lib/training/types";
import type { RunUpdate, TrainingHost } from "./hosts";
import type { TrainingCommand, TrainingMessage, TrainingRequest } from "./training-messages";

type Listener = (update: RunUpdate) => void;

/** The page's side of the training worker: every promise settles, also when the worker dies; the next call starts a new one. */
export class TrainingClient implements TrainingHost {
  readonly #createWorker: () => Worker;
  readonly #asked = new Map<
    number,
    { resolve: (text: string) => void; reject: (error: StudioError) => void }
  >();
  readonly #listeners = new Map<string, Set<Listener>>();
  #worker: Worker | undefined;
  #hasAnswered = false;
  #lastId = 0;

  constructor(createWorker: () => Worker) {
    this.#createWorker = createWorker;
  }

  start(config: RunConfig, serverId: string): Promise<string> {
    return this.#ask({ type: "start", config, serverId });
  }

  async resume(key: string): Promise<void> {
    await this.#ask({ type: "resume", key });
  }

  async pause(key: string): Promise<void> {
    await this.#ask({ type: "pause", key });
  }

  async saveNow(key: string): Promise<void> {
    await this.#ask({ type: "save_now", key });
  }

  async stop(key: string, { save }: { save: boolean }): Promise<void> {
    await this.#ask({ type: "stop", key, save });
  }

  saveForSampling(key: string): Promise<string> {
    return this.#ask({ type: "save_for_sampling", key });
  }

  async remove(key: string): Promise<void> {
    await this.#ask({ type: "remove", key });
  }

  subscribe(key: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    this.#tell({ type: "watch", key });
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(key);
      this.#tell({ type: "unwatch", key });
    };
  }

  #ask(command: TrainingCommand): Promise<string> {
    const request: TrainingRequest = { id: (this.#lastId += 1), command };
    return new Promise((resolve, reject) => {
      this.#asked.set(request.id, { resolve, reject });
      this.#running().postMessage(request);
    });
  }

  /** A command whose failure the page learns by other ways. */
  #tell(command: TrainingCommand): void {
    this.#ask(command).catch(() => {});
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#createWorker();
    worker.addEventListener("message", ({ data }: MessageEvent<TrainingMessage>) =>
      this.#receive(data),
    );
    worker.addEventListener("error", (event) =>
      this.#onCrash(event.message || "the training worker did not start"),
    );
    worker.addEventListener("messageerror", () =>
      this.#onCrash("a message of the training worker could not be read"),
    );
    return (this.#worker = worker);
  }

  #receive(message: TrainingMessage): void {
    this.#hasAnswered = true;
    if (message.type === "update") {
      for (const listener of this.#listeners.get(message.update.key) ?? [])
        listener(message.update);
      return;
    }
    const asker = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if ("error" in message.result) asker?.reject(fromErrorReport(message.result.error));
    else asker?.resolve(message.result.text);
  }

  #onCrash(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const asker of this.#asked.values())
      asker.reject(new StudioError("worker_crashed", reason));
    this.#asked.clear();
    // A worker that did work is replaced, so that the page sees what became of its runs; one that never did would fail again.
    if (!this.#hasAnswered) return;
    this.#hasAnswered = false;
    for (const key of this.#listeners.keys()) this.#tell({ type: "watch", key });
  }
}

let client: TrainingClient | undefined;

/** The one training worker of this tab; starts with the first call. Browser only. */
export function trainingHost(): TrainingHost {
  return (client ??= new TrainingClient(
    () =>
      new Worker(new URL("./training.worker.ts", import.meta.url), {
        type: "module",
        name: "training",
      }),
  ));
}
