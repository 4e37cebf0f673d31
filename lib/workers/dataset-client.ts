import { fromErrorReport, StudioError } from "@/lib/base/errors";
import type {
  CallMessage,
  DatasetCalls,
  DatasetMethod,
  FromDatasetWorker,
  ToDatasetWorker,
} from "./dataset-messages";
import type { DatasetHost, Progress } from "./hosts";

/** The part of a Worker that the client uses. */
export interface WorkerPort {
  postMessage(message: ToDatasetWorker): void;
  onmessage: ((event: MessageEvent<FromDatasetWorker>) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: StudioError): void;
  onProgress: ((progress: Progress) => void) | undefined;
}

interface CallOptions {
  signal?: AbortSignal;
  onProgress?: ((progress: Progress) => void) | undefined;
}

let host: DatasetHost | undefined;

/** The page's dataset worker; it starts with the first call. */
export function datasetHost(): DatasetHost {
  // The bundler finds the worker's code by this very expression.
  host ??= createDatasetHost(
    () =>
      new Worker(new URL("./dataset.worker.ts", import.meta.url), {
        type: "module",
        name: "dataset",
      }),
  );
  return host;
}

/**
 * Calls over a port. A call whose signal aborts rejects with the signal's reason as soon as the worker has let go of it;
 * what was done by then resolves. A worker that dies rejects all that wait with `worker_crashed`, and the next call opens a new one.
 */
export function createDatasetHost(openWorker: () => WorkerPort): DatasetHost {
  const pending = new Map<number, Pending>();
  let worker: WorkerPort | null = null;
  let lastId = 0;

  function open(): WorkerPort {
    const opened = openWorker();
    opened.onmessage = ({ data }) => receive(data);
    opened.onerror = (event) => crash(event.message);
    opened.onmessageerror = () => crash("a message could not be read");
    return opened;
  }

  function receive(message: FromDatasetWorker): void {
    const call = pending.get(message.id);
    if (!call) return;
    if (message.type === "progress") call.onProgress?.(message.progress);
    else if (message.type === "done") call.resolve(message.value);
    else call.reject(fromErrorReport(message.error));
  }

  function crash(reason: string): void {
    worker?.terminate();
    worker = null;
    const error = new StudioError("worker_crashed", `The dataset worker stopped: ${reason}`);
    for (const call of pending.values()) call.reject(error);
  }

  function call<M extends DatasetMethod>(
    method: M,
    args: DatasetCalls[M]["args"],
    { signal, onProgress }: CallOptions = {},
  ): Promise<DatasetCalls[M]["result"]> {
    const id = ++lastId;
    const onAbort = () => worker?.postMessage({ type: "cancel", id });
    return new Promise<unknown>((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", onAbort);
      pending.set(id, {
        resolve,
        reject: (error) => reject(signal?.aborted ? (signal.reason as Error) : error),
        onProgress,
      });
      worker ??= open();
      worker.postMessage(asMessage({ type: "call", id, method, args }));
    }).finally(() => {
      pending.delete(id);
      signal?.removeEventListener("abort", onAbort);
    }) as Promise<DatasetCalls[M]["result"]>;
  }

  return {
    importFile: (file, { name, source, placeholders = null, ...options }) =>
      call("importFile", { file, name, source, placeholders }, options),
    readHubSlice: (address, rows, options) => call("readHubSlice", { address, rows }, options),
    removeDataset: (datasetId) => call("removeDataset", { datasetId }),
    readRows: (datasetId, from, count) => call("readRows", { datasetId, from, count }),
    tokenize: (datasetId, baseModel, options) =>
      call("tokenize", { datasetId, baseModel }, options),
    rowTokens: (datasetId, baseModel, row) => call("rowTokens", { datasetId, baseModel, row }),
    rowLengths: (tokenSetId) => call("rowLengths", { tokenSetId }),
    lengthHistogram: (tokenSetId, bins) => call("lengthHistogram", { tokenSetId, bins }),
    planRun: (config) => call("planRun", { config }),
    loadTokenizer: (baseModel) => call("loadTokenizer", { baseModel }),
    giveModelFiles: (baseModel, files) => call("giveModelFiles", { baseModel, files }),
    dropModelFiles: (baseModel) => call("dropModelFiles", { baseModel }),
    encodeChat: (baseModel, messages) => call("encodeChat", { baseModel, messages }),
    encodeText: (baseModel, text) => call("encodeText", { baseModel, text }),
    decode: (baseModel, ids) => call("decode", { baseModel, ids: Array.from(ids) }),
    modelFacts: (baseModel) => call("modelFacts", { baseModel }),
  };
}

/** A call of one method is one of the calls; the compiler does not see that for a method that is a type parameter. */
function asMessage<M extends DatasetMethod>(message: CallMessage<M>): ToDatasetWorker {
  return message as ToDatasetWorker;
}
