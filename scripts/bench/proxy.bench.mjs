import { alternate, median } from "./statistics.mjs";
import { startStudio } from "./studio-under-test.mjs";

const SMALL_CALLS = 200;
const LARGE_CALLS = 20;
const ROUNDS = 5;
const LARGE_TOKENS = 150_000;

/** Calls through the studio's proxy against the same calls made to the training server directly. */
export async function measure({ root }) {
  const studio = await startStudio(root);
  try {
    const viaProxy = caller(`${studio.url}/api/training`, {
      origin: studio.url,
      "sec-fetch-site": "same-origin",
    });
    const direct = caller(`${studio.serverUrl}/api/v1`, { authorization: "Bearer EMPTY_TOKEN" });
    const session = await viaProxy("create_session", {
      tags: [],
      user_metadata: {},
      sdk_version: "bench",
      type: "create_session",
    });
    const small = (call) => () =>
      medianOf(SMALL_CALLS, () => call("session_heartbeat", { session_id: session.session_id }));
    const big = {
      prompt: { chunks: [{ tokens: new Array(LARGE_TOKENS).fill(65) }] },
      sampling_params: {},
      base_model: "no/such",
    };
    const large = (call) => () =>
      medianOf(LARGE_CALLS, () => call("asample", big, { mayFail: true }));
    const smallTimes = await alternate(ROUNDS, small(viaProxy), small(direct));
    const largeTimes = await alternate(ROUNDS, large(viaProxy), large(direct));
    return [
      {
        work: "small POST through the proxy, against direct",
        ...smallTimes,
        unit: "ms",
        atLeast: null,
        aim: null,
      },
      {
        work: "POST of half a megabyte through the proxy, against direct",
        ...largeTimes,
        unit: "ms",
        atLeast: null,
        aim: null,
      },
    ];
  } finally {
    await studio.stop();
  }
}

async function medianOf(count, call) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

function caller(base, headers) {
  return async (path, body, { mayFail = false } = {}) => {
    const answer = await fetch(`${base}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok && !mayFail) throw new Error(`${path}: ${answer.status} ${text}`);
    return answer.ok ? JSON.parse(text) : null;
  };
}
