/** Work without a pause; between two stretches the worker hears of other calls and of cancelling. */
const STRETCH_MS = 100;

/** A function to await between pieces of long work: lets messages in once in a while, and throws the signal's reason. */
export function pauses({ signal }: { signal: AbortSignal }): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > STRETCH_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    signal.throwIfAborted();
  };
}
