import { isAbort } from "@/lib/base/errors";

import { describeError, refusal } from "../http/errors";
import { downloadModel, type DownloadOptions, type DownloadProgress } from "./model-download";

/** The download that runs, or the last one that failed. */
export interface Download extends DownloadProgress {
  model: string;
  /** Null while it runs. */
  failure: string | null;
}

/** The server's downloads, one at a time. */
export class Downloads {
  private readonly options: Omit<DownloadOptions, "onProgress">;
  private readonly onArrived: () => void;
  private running: { abort: AbortController; ended: Promise<void> } | null = null;
  private latest: Download | null = null;

  /** @param onArrived - called when a model has come into the models folder */
  constructor(options: Omit<DownloadOptions, "onProgress">, onArrived: () => void) {
    this.options = options;
    this.onArrived = onArrived;
  }

  get current(): Download | null {
    return this.latest;
  }

  /**
   * Starts a download, or goes on with one that failed or was cancelled; its state is in {@link current} from now on.
   *
   * @throws WireError 409 while another one runs
   */
  start(model: string): void {
    if (this.running && this.latest?.model === model) return;
    if (this.running)
      throw refusal(409, `${this.latest?.model} is being downloaded; wait for it or cancel it.`);
    const abort = new AbortController();
    this.latest = { model, host: "", doneBytes: 0, totalBytes: null, failure: null };
    this.running = { abort, ended: this.run(model, abort.signal) };
  }

  /** Ends the download of a model and forgets its failure; the bytes that came stay for the next start. */
  async cancel(model: string): Promise<void> {
    if (this.latest?.model !== model) return;
    this.running?.abort.abort();
    await this.running?.ended;
    this.latest = null;
  }

  async close(): Promise<void> {
    if (this.latest) await this.cancel(this.latest.model);
  }

  private async run(model: string, signal: AbortSignal): Promise<void> {
    const onProgress = (progress: DownloadProgress) =>
      (this.latest = { model, ...progress, failure: null });
    try {
      await downloadModel(model, { ...this.options, onProgress }, { signal });
      this.latest = null;
      this.onArrived();
    } catch (error) {
      if (isAbort(error) || !this.latest) this.latest = null;
      else this.latest = { ...this.latest, failure: describeError(error).sentence };
    } finally {
      this.running = null;
    }
  }
}
