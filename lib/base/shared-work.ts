type Begin<Result> = (options: { signal: AbortSignal }) => Promise<Result>;

export interface SharedWork<Result> {
  /**
   * The result for this key: the kept one, else that of the work under way, else of new work. Work is aborted when the last
   * of those who wait for it has gone. A failure is told to all who wait, and not kept.
   *
   * @throws what the work throws; the signal's reason when it aborts first
   */
  resultOf(key: string, begin: Begin<Result>, options: { signal: AbortSignal }): Promise<Result>;
  /** Drops a kept result, unless a later one took its place. */
  forget(key: string, result: Result): void;
}

/** Work that is done once for all who ask for the same. */
export function createSharedWork<Result>(): SharedWork<Result> {
  const kept = new Map<string, Result>();
  const underWay = new Map<string, ReturnType<typeof start>>();

  function start(key: string, begin: Begin<Result>) {
    const stop = new AbortController();
    const end = () => {
      if (underWay.get(key) === work) underWay.delete(key);
      stop.abort();
    };
    const result = begin({ signal: stop.signal })
      .then((result) => {
        kept.set(key, result);
        return result;
      })
      .finally(end);
    const work = { result, waiting: 0, end };
    underWay.set(key, work);
    return work;
  }

  return {
    resultOf: async (key, begin, { signal }) => {
      signal.throwIfAborted();
      const known = kept.get(key);
      if (known !== undefined) return known;
      const work = underWay.get(key) ?? start(key, begin);
      work.waiting += 1;
      try {
        return await unlessAborted(work.result, signal);
      } finally {
        work.waiting -= 1;
        if (work.waiting === 0) work.end();
      }
    },
    forget: (key, result) => {
      if (kept.get(key) === result) kept.delete(key);
    },
  };
}

function unlessAborted<Result>(result: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    result.finally(() => signal.removeEventListener("abort", onAbort)).then(resolve, reject);
  });
}
