import type { Worker } from "node:worker_threads";

import { startWorker } from "./start-worker";
import type { FromWorker, Job, JobOf, JobResults, ToWorker, WorkerSetup } from "./worker-protocol";

export type TokensListener = (tokens: readonly number[], logprobs: readonly number[]) => void;

interface Pending {
  resolve: (result: never) => void;
  reject: (reason: Error) => void;
  onTokens: TokensListener | undefined;
}

interface Member {
  worker: Worker;
  pending: Map<number, Pending>;
}

/** A running job: its answer, and a way to ask the worker to give it up. */
export interface RunningJob<Kind extends Job["kind"]> {
  result: Promise<JobResults[Kind]>;
  cancel: () => void;
}

/** The engine's worker threads. A worker that dies fails every job it had and all later ones. */
export class WorkerPool {
  private readonly members: Member[];
  private answers = 0;
  private nextId = 1;
  private failure: Error | null = null;

  constructor(setups: readonly WorkerSetup[], workerUrl?: URL) {
    this.members = setups.map((setup) => {
      const member: Member = { worker: startWorker(setup, workerUrl), pending: new Map() };
      member.worker.on("message", (message: FromWorker) => this.receive(member, message));
      member.worker.on("error", (cause: Error) =>
        this.fail(new Error(`The local engine stopped: ${cause.message}`, { cause })),
      );
      member.worker.on("exit", () => this.fail(new Error("The local engine is closed.")));
      return member;
    });
  }

  get size(): number {
    return this.members.length;
  }

  /** The worker with the fewest unfinished jobs. */
  idlest(): number {
    const loads = this.members.map(({ pending }) => pending.size);
    return loads.indexOf(Math.min(...loads));
  }

  /** Runs a job on one worker. Training jobs run in the order in which they were sent, and so do prompts. */
  run<Kind extends Job["kind"]>(
    index: number,
    job: JobOf<Kind>,
    onTokens?: TokensListener,
  ): RunningJob<Kind> {
    const member = this.members[index];
    if (!member) throw new Error(`There is no worker ${index}.`);
    const id = this.nextId++;
    const post = (message: ToWorker) => member.worker.postMessage(message);
    const result = new Promise<JobResults[Kind]>((resolve, reject) => {
      if (this.failure) {
        reject(this.failure);
        return;
      }
      member.pending.set(id, { resolve, reject, onTokens });
      post({ id, job });
    });
    if (job.kind === "sample") this.countAnswers(result);
    return { result, cancel: () => post({ id, cancel: true }) };
  }

  /** Runs one job on every worker and waits for all of them, also when one fails. */
  async runOnAll<Kind extends Job["kind"]>(
    makeJob: (index: number) => JobOf<Kind> | null,
  ): Promise<JobResults[Kind][]> {
    const running = this.members.flatMap((_, index) => {
      const job = makeJob(index);
      return job ? [this.run<Kind>(index, job).result] : [];
    });
    await Promise.allSettled(running);
    return Promise.all(running);
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ worker }) => worker.terminate()));
  }

  /** Tells the workers when the first answer begins and when the last one has ended. */
  private countAnswers(answer: Promise<unknown>): void {
    const tell = (isAnswering: boolean) => {
      for (const { worker } of this.members) worker.postMessage({ isAnswering } satisfies ToWorker);
    };
    const onEnd = () => {
      this.answers -= 1;
      if (this.answers === 0) tell(false);
    };
    this.answers += 1;
    if (this.answers === 1) tell(true);
    answer.then(onEnd, onEnd);
  }

  private receive(member: Member, message: FromWorker): void {
    const pending = member.pending.get(message.id);
    if (!pending) return;
    if ("tokens" in message) {
      pending.onTokens?.(message.tokens, message.logprobs);
      return;
    }
    member.pending.delete(message.id);
    if ("error" in message) pending.reject(new Error(message.error));
    else pending.resolve(message.result as never);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { pending } of this.members) {
      for (const { reject } of pending.values()) reject(this.failure);
      pending.clear();
    }
  }
}
