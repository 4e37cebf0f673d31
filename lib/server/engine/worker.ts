import { setPriority } from "node:os";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";

import { adamStep, initAdapter, packAdapter, reduceGradients } from "./adapter-jobs";
import { Compute } from "./compute";
import { Crew } from "./crew";
import { DecodeLoop } from "./decode-loop";
import { Decoder } from "./decoder";
import { loadWeights } from "./load-weights";
import { openCompute } from "./open-compute";
import { prefillJob } from "./prefill";
import { TaskQueue } from "./task-queue";
import { trainJob } from "./train-job";
import {
  messageOf,
  type FromWorker,
  type Job,
  type JobResults,
  type PrefillJob,
  type SampleJob,
  type ToWorker,
  type TrainJob,
  type WorkerSetup,
} from "./worker-protocol";

/** How long each kind of work runs before the other gets its turn, and before messages are read. */
const TURN_MS = 8;
/** The same for a worker that only helps: it has nothing to do but to read messages. */
const HELP_MS = 2;

/** Behind the thread that answers requests, which is there at once on a busy machine too. */
const NICENESS = 5;

type BriefJob = Exclude<Job, TrainJob | PrefillJob | SampleJob>;

/** Takes turns between training, prompts, and answers. Everything else is brief and runs as it arrives. */
class WorkerLoop {
  private readonly port: MessagePort;
  private readonly setup: WorkerSetup;
  private readonly decoder: Decoder;
  private readonly sampling: Compute;
  private readonly training: TaskQueue;
  private readonly prompts: TaskQueue;
  private readonly answers: DecodeLoop;
  private readonly crew: Crew;
  private isHelping = false;
  private isScheduled = false;

  constructor(port: MessagePort, setup: WorkerSetup) {
    this.port = port;
    this.setup = setup;
    const compute = openCompute(setup.memory, setup.arena, { allowFma: setup.allowFma });
    this.decoder = new Decoder(compute, setup.config, setup.base);
    this.crew = new Crew(setup.memory, compute.kernels, setup.board, setup.index);
    this.sampling = new Compute(compute.f32, compute.kernels, setup.scratch, this.crew);
    this.training = this.queue(compute);
    this.prompts = this.queue(this.sampling);
    const send = (message: FromWorker) => this.send(message);
    this.answers = new DecodeLoop(this.decoder, this.sampling, setup.drafts, send);
  }

  start(): void {
    this.port.on("message", (message: ToWorker) => {
      if ("isAnswering" in message)
        this.isHelping = message.isAnswering && this.setup.storage === "compact";
      else if ("cancel" in message) this.cancel(message.id);
      else this.begin(message.id, message.job);
      this.schedule();
    });
  }

  private begin(id: number, job: Job): void {
    const { decoder, setup, sampling } = this;
    switch (job.kind) {
      case "train":
        this.training.push({ id, work: trainJob(decoder, setup.storage, setup.arena.words, job) });
        return;
      case "prefill":
        this.prompts.push({ id, work: prefillJob(decoder, sampling, job) });
        return;
      case "sample":
        this.answers.add(id, job);
        return;
      default:
        this.runNow(id, job);
    }
  }

  private runNow(id: number, job: BriefJob): void {
    try {
      this.send({ id, result: this.resultOf(job) });
    } catch (error) {
      this.send({ id, error: messageOf(error) });
    }
  }

  private resultOf(job: BriefJob): JobResults[BriefJob["kind"]] {
    const { compute } = this.decoder;
    switch (job.kind) {
      case "reduce":
        return { sumOfSquares: reduceGradients(compute.f32, job) };
      case "adam":
        adamStep(compute.f32, job);
        return null;
      case "load":
        loadWeights(compute, this.setup.base, job.directory);
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
    const { training, prompts, answers } = this;
    const isIdle = () => training.isEmpty && prompts.isEmpty && answers.isEmpty;
    if (this.isScheduled || (isIdle() && !this.isHelping)) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (isIdle()) this.crew.help(HELP_MS);
      for (const work of [training, prompts, answers]) work.turn(TURN_MS);
      this.schedule();
    });
  }

  private queue(compute: Compute): TaskQueue {
    return new TaskQueue({
      onResult: (id, result) => this.send({ id, result: result as JobResults[Job["kind"]] }),
      onError: (id, error) => {
        compute.reset();
        this.send({ id, error: messageOf(error) });
      },
    });
  }

  private cancel(id: number): void {
    if (this.prompts.remove(id)) this.send({ id, result: [] });
    if (this.answers.remove(id)) this.send({ id, result: { stopReason: "cancelled" } });
  }

  private send(message: FromWorker): void {
    this.port.postMessage(message);
  }
}

if (parentPort) {
  // Elsewhere a priority is the whole process's.
  if (process.platform === "linux") setPriority(NICENESS);
  new WorkerLoop(parentPort, workerData as WorkerSetup).start();
}
