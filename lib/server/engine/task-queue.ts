/** Between two steps of a task, which is `waiting` when only another thread can bring it on. */
export type Pause = "going" | "waiting";

/** Work in steps: other work may run between any two. */
export interface Task {
  id: number;
  work: Generator<Pause | void, unknown>;
}

export interface TaskListener {
  onResult: (id: number, result: unknown) => void;
  onError: (id: number, error: unknown) => void;
}

/** Tasks that run strictly one after the other, a slice of time at a time. */
export class TaskQueue {
  private readonly tasks: Task[] = [];
  private readonly listener: TaskListener;

  constructor(listener: TaskListener) {
    this.listener = listener;
  }

  get isEmpty(): boolean {
    return this.tasks.length === 0;
  }

  push(task: Task): void {
    this.tasks.push(task);
  }

  /** Takes a task out wherever it stands; false when it is not here (any more). */
  remove(id: number): boolean {
    const index = this.tasks.findIndex((task) => task.id === id);
    if (index === -1) return false;
    this.tasks[index]!.work.return(undefined);
    this.tasks.splice(index, 1);
    return true;
  }

  /** Runs for about this long, at least one step. */
  turn(ms: number): void {
    const end = performance.now() + ms;
    do {
      const [task] = this.tasks;
      if (!task) return;
      try {
        const step = task.work.next();
        if (!step.done && step.value === "waiting") return;
        if (!step.done) continue;
        this.tasks.shift();
        this.listener.onResult(task.id, step.value);
      } catch (error) {
        this.tasks.shift();
        this.listener.onError(task.id, error);
      }
    } while (performance.now() < end);
  }
}
