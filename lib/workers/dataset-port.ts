import { toErrorReport } from "@/lib/base/errors";
import type {
  CallMessage,
  DatasetMethod,
  DatasetService,
  FromDatasetWorker,
  ToDatasetWorker,
} from "./dataset-messages";
import type { Progress } from "./hosts";

/** The worker's own side of its port. */
export interface ServedPort {
  postMessage(message: FromDatasetWorker): void;
  onmessage: ((event: MessageEvent<ToDatasetWorker>) => void) | null;
}

const PROGRESS_INTERVAL_MS = 50;

/** Answers every call on the port exactly once, with its result or its error, and cancels those that the page gives up. */
export function serveDataset(port: ServedPort, service: DatasetService): void {
  const running = new Map<number, AbortController>();

  async function answer<M extends DatasetMethod>({
    id,
    method,
    args,
  }: CallMessage<M>): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    const onProgress = throttled((progress) =>
      port.postMessage({ type: "progress", id, progress }),
    );
    try {
      const value = await service[method](args, { signal: abort.signal, onProgress });
      port.postMessage({ type: "done", id, value });
    } catch (error) {
      port.postMessage({ type: "failed", id, error: toErrorReport(error) });
    } finally {
      running.delete(id);
    }
  }

  port.onmessage = ({ data }) => {
    if (data.type === "cancel") running.get(data.id)?.abort();
    else void answer(data);
  };
}

function throttled(send: (progress: Progress) => void): (progress: Progress) => void {
  let lastAt = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - lastAt < PROGRESS_INTERVAL_MS) return;
    lastAt = now;
    send(progress);
  };
}
