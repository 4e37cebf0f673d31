import { parentPort, workerData, type MessagePort } from "node:worker_threads";

import { adamStep, initAdapter, packAdapter, reduceGradients } from "./adapter-jobs";
import { Compute } from "./compute";
import { Decoder } from "./decoder";
import { loadWeights } from "./load-weights";
import { SampleStream } from "./sample-stream";
import { trainJob } from "./train-job";
import type {
  FromWorker,
  Job,
  JobResults,
  SampleJob,
  ToWorker,
  WorkerSetup,
} from "./worker-protocol";

/** How long each kind of work runs before the other gets its turn, and before messages are read. */
const TURN_MS = 8;

type Result = JobResults[Job["kind"]];

interface Task {
  id: number;
  work: Generator<void, Result>;
}

interface ActiveStream {
  id: number;
  stream: SampleStream;
  tokens: number[];
  logprobs: number[];
}

/** Takes turns between a queue of jobs, strictly in order, and any number of sample streams, round robin. */
class WorkerLoop {
  private readonly port: MessagePort;
  private readonly setup: WorkerSetup;
  private readonly decoder: Decoder;
  private readonly sampling: Compute;
  private readonly tasks: Task[] = [];
  private streams: ActiveStream[] = [];
  private isScheduled = false;

  constructor(port: MessagePort, setup: WorkerSetup) {
    this.port = port;
    this.setup = setup;
    const compute = Compute.open(setup.memory, setup.arena, { allowFma: setup.allowFma });
    this.decoder = new Decoder(compute, setup.config, setup.base);
    this.sampling = new Compute(compute.f32, compute.kernels, setup.scratch);
  }

  start(): void {
    this.port.on("message", (message: ToWorker) => {
      if ("cancel" in message) this.cancel(message.id);
      else if (message.job.kind === "sample") this.addStream(message.id, message.job);
      else this.tasks.push({ id: message.id, work: this.work(message.job) });
      this.schedule();
    });
  }

  private *work(job: Exclude<Job, SampleJob>): Generator<void, Result> {
    const { compute } = this.decoder;
    switch (job.kind) {
      case "train":
        return yield* trainJob(this.decoder, this.setup.storage, this.setup.arena.words, job);
      case "reduce":
        return { sumOfSquares: reduceGradients(compute.f32, job) };
      case "adam":
        adamStep(compute.f32, job);
        return null;
      case "load":
        loadWeights(compute, this.setup.base, job.path);
        return null;
      case "initAdapter":
        initAdapter(compute, job.adapter, job.seed);
        return null;
      case "packAdapter":
        packAdapter(compute, job.adapter);
        return null;
    }
  }

  private schedule(): void {
    if (this.isScheduled || (this.tasks.length === 0 && this.streams.length === 0)) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.taskTurn();
      this.streamTurn();
      this.schedule();
    });
  }

  private taskTurn(): void {
    const end = performance.now() + TURN_MS;
    while (this.tasks.length > 0 && performance.now() < end) {
      const { id, work } = this.tasks[0]!;
      try {
        const step = work.next();
        if (!step.done) continue;
        this.tasks.shift();
        this.send({ id, result: step.value });
      } catch (error) {
        this.tasks.shift();
        this.decoder.compute.reset();
        this.send({ id, error: messageOf(error) });
      }
    }
  }

  private streamTurn(): void {
    const end = performance.now() + TURN_MS;
    do {
      for (const active of this.streams) this.advance(active);
      this.streams = this.streams.filter(({ id }) => id >= 0);
    } while (this.streams.length > 0 && performance.now() < end);
    for (const active of this.streams) this.flush(active);
  }

  private advance(active: ActiveStream): void {
    const { id, stream } = active;
    try {
      const choice = stream.step();
      if (choice) {
        active.tokens.push(choice.token);
        active.logprobs.push(choice.logprob);
      }
      const result = stream.finished();
      if (!result) return;
      this.flush(active);
      this.send({ id, result });
    } catch (error) {
      this.send({ id, error: messageOf(error) });
    }
    active.id = -1;
  }

  private flush(active: ActiveStream): void {
    if (active.tokens.length === 0) return;
    this.send({ id: active.id, tokens: active.tokens, logprobs: active.logprobs });
    active.tokens = [];
    active.logprobs = [];
  }

  private addStream(id: number, job: SampleJob): void {
    this.streams.push({
      id,
      stream: new SampleStream(this.decoder, this.sampling, job),
      tokens: [],
      logprobs: [],
    });
  }

  private cancel(id: number): void {
    const remaining = this.streams.filter((active) => active.id !== id);
    if (remaining.length === this.streams.length) return;
    this.streams = remaining;
    this.send({ id, result: { stopReason: "cancelled", promptLogprobs: null } });
  }

  private send(message: FromWorker): void {
    this.port.postMessage(message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (parentPort) new WorkerLoop(parentPort, workerData as WorkerSetup).start();
