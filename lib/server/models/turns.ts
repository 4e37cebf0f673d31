type Job = () => Promise<void>;

/**
 * Runs one job at a time: within a lane in the order of arrival, and the lanes in turn, so that a long queue of one
 * model never holds up the others.
 */
export class Turns {
  private readonly lanes = new Map<string, Job[]>();
  private isRunning = false;

  /** Resolves or rejects as the job does. */
  run<T>(lane: string, job: () => Promise<T> | T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const jobs = this.lanes.get(lane) ?? [];
      // Async, so that an error thrown at once is a rejection too.
      const start = async () => job();
      jobs.push(() => start().then(resolve, reject));
      this.lanes.set(lane, jobs);
      if (!this.isRunning) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.isRunning = true;
    for (const [lane, jobs] of this.lanes) {
      await jobs.shift()?.();
      // To the end of the map's order, which this loop follows: behind the lanes that came meanwhile.
      this.lanes.delete(lane);
      if (jobs.length > 0) this.lanes.set(lane, jobs);
    }
    this.isRunning = false;
  }
}
