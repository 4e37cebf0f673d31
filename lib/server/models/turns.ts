type Job = () => Promise<void>;

/**
 * Runs one job at a time: within a lane in the order of arrival, and the lanes in turn, so that a long queue of one
 * model never holds up the others.
 */
export class Turns {
  private readonly lanes = new Map<string, Job[]>();
  private running: string | null = null;

  /** Resolves or rejects as the job does. */
  run<T>(lane: string, job: () => Promise<T> | T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const jobs = this.lanes.get(lane) ?? [];
      // Async, so that an error thrown at once is a rejection too.
      const start = async () => job();
      jobs.push(() => start().then(resolve, reject));
      this.lanes.set(lane, jobs);
      if (this.running === null) void this.drain();
    });
  }

  /** Jobs of a lane that run or wait. */
  count(lane: string): number {
    return this.lanes.get(lane)?.length ?? 0;
  }

  /** Jobs of all lanes. */
  total(): number {
    return [...this.lanes.values()].reduce((sum, jobs) => sum + jobs.length, 0);
  }

  isRunning(lane: string): boolean {
    return this.running === lane;
  }

  private async drain(): Promise<void> {
    for (const [lane, jobs] of this.lanes) {
      this.running = lane;
      await jobs[0]?.();
      jobs.shift();
      // To the end of the map's order, which this loop follows: behind the lanes that came meanwhile.
      this.lanes.delete(lane);
      if (jobs.length > 0) this.lanes.set(lane, jobs);
    }
    this.running = null;
  }
}
