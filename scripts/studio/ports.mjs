import net from "node:net";

const TRIES = 50;

/** The first free port on 127.0.0.1 from `wanted` on. */
export async function freePort(wanted, taken = []) {
  for (let port = wanted; port < wanted + TRIES && port <= 65535; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port from ${wanted} to ${wanted + TRIES - 1} on 127.0.0.1.`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/** Resolves when `url` answers with 2xx; rejects after `timeoutMs` or when `signal` aborts. */
export async function waitUntilAnswers(url, { timeoutMs, signal }) {
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      });
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch {
      signal.throwIfAborted();
    }
    if (Date.now() > endsAt) throw new Error(`${url} did not answer within ${timeoutMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
