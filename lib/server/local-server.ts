import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { systemClock, type Clock } from "@/lib/base/clock";

import { Downloads } from "./downloads/downloads";
import { huggingFace, modelScope } from "./downloads/model-hubs";
import { Futures } from "./futures";
import { createListener, type AnsweredRequest } from "./http/listener";
import { createMetrics } from "./metrics/metrics";
import { LiveModels } from "./models/live-models";
import { Memory } from "./models/memory";
import { ModelCatalog, type ModelFolder } from "./models/model-catalog";
import { Residency } from "./models/residency";
import type { ServedModel } from "./models/served-model";
import { Turns } from "./models/turns";
import { createPublisher } from "./publish/publish";
import { archiveRoutes } from "./routes/archives";
import { chatRoutes } from "./routes/chat";
import { checkpointRoutes } from "./routes/checkpoints";
import { futureRoutes } from "./routes/futures";
import { localModelRoutes } from "./routes/local-models";
import { metricsRoutes } from "./routes/metrics";
import { modelRoutes, unload } from "./routes/models";
import { runRoutes } from "./routes/runs";
import { samplingRoutes } from "./routes/sampling";
import { serverInfoRoutes } from "./routes/server-info";
import { sessionRoutes } from "./routes/sessions";
import { tokenizerFileRoutes } from "./routes/tokenizer-files";
import { trainingRoutes } from "./routes/training";
import { RunStore } from "./runs/run-store";
import { CheckpointAdapters } from "./sampling/checkpoint-adapters";
import { SamplingSessions } from "./sampling/sampling-sessions";
import type { Services } from "./services";
import { Sessions } from "./sessions";

export interface LocalServerOptions {
  /** 0 takes any free port. */
  port: number;
  /** The address to listen on. */
  host: string;
  /** Who may call; none lets everybody in. */
  tokens: readonly string[];
  dataDir: string;
  models: readonly ModelFolder[];
  /** Folders in it are served too, also those that come while the server runs; downloads go there. */
  modelsDir: string;
  hubEndpoint: string;
  huggingFaceEndpoint: string;
  sessionTimeoutMs: number;
  /** How long `retrieve_future` waits for a result before it answers `try_again`. */
  longPollMs: number;
  maxLoras: number;
  /** For models and adapters together. */
  maxMemoryBytes: number;
  /** Without a request for this long, an adapter waits on disk. */
  adapterIdleMs: number;
  /** Calls of one model that may wait. */
  maxQueue: number;
  threads: number | null;
  clock?: Clock;
  fetch?: typeof fetch;
  /** 32 random hex digits. */
  newId?: () => string;
  /** Called once per answered request. */
  onAnswered?: (request: AnsweredRequest) => void;
  /** Called with a sentence about something that does not stop the server. */
  warn?: (sentence: string) => void;
  /** Told what is worth a line and no trouble. */
  note?: (sentence: string) => void;
}

export interface LocalServer {
  port: number;
  /** Ends every call and stops every thread. What was answered as saved is on disk at any moment. */
  close: () => Promise<void>;
}

const FAMILIES = [
  serverInfoRoutes,
  sessionRoutes,
  modelRoutes,
  trainingRoutes,
  checkpointRoutes,
  futureRoutes,
  samplingRoutes,
  chatRoutes,
  runRoutes,
  archiveRoutes,
  tokenizerFileRoutes,
  localModelRoutes,
];

/** Longer than a studio keeps an idle connection, so that it never sends on one that was just closed here. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Looks at the models, listens and answers the training API.
 *
 * @throws Error `EADDRINUSE` when the port is taken
 */
export async function startLocalServer({
  clock = systemClock,
  fetch: fetchHub = fetch,
  newId = () => randomBytes(16).toString("hex"),
  warn = () => undefined,
  note = () => undefined,
  onAnswered = () => undefined,
  ...options
}: LocalServerOptions): Promise<LocalServer> {
  const stop = new AbortController();
  const onFault = (error: unknown) =>
    warn(error instanceof Error ? String(error.stack) : String(error));
  // Every request that samples listens to it.
  setMaxListeners(0, stop.signal);
  const memory = new Memory({ maxBytes: options.maxMemoryBytes });
  const engine = options.threads === null ? {} : { threads: options.threads };
  const catalog = new ModelCatalog({
    memory,
    engine,
    modelsDir: options.modelsDir,
    onRefused: ({ name, directory, reason }) =>
      warn(`The model ${name} in ${directory} is not served: ${reason}`),
    onLoaded: (name, bytes) => note(`${name} is loaded and takes ${Math.ceil(bytes / 1e6)} MB`),
  });
  const downloads = new Downloads(
    {
      access: { clock, fetch: fetchHub },
      hubs: [modelScope(options.hubEndpoint), huggingFace(options.huggingFaceEndpoint)],
      modelsDir: options.modelsDir,
      engine,
      maxMemoryBytes: options.maxMemoryBytes,
    },
    () => catalog.rescan(),
  );
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  try {
    for (const folder of options.models) catalog.add(folder);
    catalog.rescan();
    const services = await createServices({
      ...options,
      clock,
      fetchHub,
      newId,
      catalog,
      downloads,
      memory,
      onFault,
      stopped: stop.signal,
    });
    const metrics = createMetrics(services);
    const listener = createListener({
      routes: [...FAMILIES.flatMap((family) => family(services)), ...metricsRoutes(metrics)],
      access: options,
      ...{ clock, onFault, signal: stop.signal },
      onAnswered: (request) => {
        metrics.observe(request);
        onAnswered(request);
      },
    });
    http.on("request", listener);
    const port = await listen(http, options);
    const watching = Promise.all([
      services.sessions.watch({ signal: stop.signal }),
      services.residency.watch({ signal: stop.signal }),
    ]);
    return {
      port,
      close: async () => {
        stop.abort();
        http.close();
        await Promise.all([watching, downloads.close()]);
        await catalog.close();
        http.closeAllConnections();
      },
    };
  } catch (error) {
    await catalog.close();
    throw error;
  }
}

interface ServiceOptions extends Pick<
  LocalServerOptions,
  | "dataDir"
  | "hubEndpoint"
  | "sessionTimeoutMs"
  | "longPollMs"
  | "maxLoras"
  | "adapterIdleMs"
  | "maxQueue"
> {
  clock: Clock;
  fetchHub: typeof fetch;
  newId: () => string;
  catalog: ModelCatalog;
  downloads: Downloads;
  memory: Memory;
  onFault: (error: unknown) => void;
  stopped: AbortSignal;
}

async function createServices(options: ServiceOptions): Promise<Services> {
  const { clock, newId, catalog, memory, stopped } = options;
  const models: ReadonlyMap<string, ServedModel> = catalog.served;
  const runs = new RunStore(options.dataDir);
  await runs.recover();
  const samplingSessions = new SamplingSessions(newId);
  const live = new LiveModels({ maxLoras: options.maxLoras });
  const turns = new Turns();
  const adapters = new CheckpointAdapters({ runs, models, memory });
  const residency = new Residency({
    ...{ clock, live, turns, memory },
    dataDir: options.dataDir,
    idleMs: options.adapterIdleMs,
  });
  // Checkpoints first: they are on disk already.
  for (const holder of [catalog, adapters, residency]) memory.addHolder(holder);
  const services: Services = {
    clock,
    newId,
    newSeed: () => parseInt(newId().slice(0, 8), 16),
    catalog,
    downloads: options.downloads,
    models,
    stopped,
    runs,
    samplingSessions,
    live,
    turns,
    memory,
    adapters,
    residency,
    maxQueue: options.maxQueue,
    futures: new Futures({
      ...{ clock, newId, longPollMs: options.longPollMs, onFault: options.onFault },
    }),
    publish: createPublisher({
      clock,
      endpoint: options.hubEndpoint,
      models,
      fetch: options.fetchHub,
    }),
    sessions: new Sessions({
      clock,
      newId,
      timeoutMs: options.sessionTimeoutMs,
      onExpire: (sessionId) => {
        samplingSessions.endWith(sessionId);
        for (const model of live.ofSession(sessionId)) {
          live.remove(model.id);
          // Nobody waits for it.
          turns.run(model.id, () => unload(services, model)).catch(() => undefined);
        }
      },
    }),
  };
  return services;
}

function listen(
  http: Server,
  { port, host }: Pick<LocalServerOptions, "port" | "host">,
): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.off("error", reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}
