import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { systemClock, type Clock } from "@/lib/base/clock";
import type { WireError } from "@/lib/base/errors";

import { startHubStandIn, type HubStandIn } from "../testing/hub-stand-in";
import { writeTinyModel } from "../testing/tiny-model";
import { downloadModel, type DownloadOptions, type DownloadProgress } from "./model-download";
import { huggingFace, modelScope } from "./model-hubs";

const NOWHERE = "http://127.0.0.1:1";
const WEIGHTS = "model.safetensors";

let seed: string;
/** Redirects to its storage. */
let hub: HubStandIn;
/** Serves large files itself, ranges with status 200. */
let directHub: HubStandIn;
let emptyHub: HubStandIn;
let folder: string;

beforeAll(async () => {
  seed = mkdtempSync(path.join(tmpdir(), "hub-seed-"));
  writeTinyModel(path.join(seed, "models", "test", "tiny"));
  writeFileSync(path.join(seed, "models", "test", "tiny", "training_args.bin"), "not needed");
  writeTinyModel(path.join(seed, "models", "test", "foreign"));
  const config = path.join(seed, "models", "test", "foreign", "config.json");
  writeFileSync(config, readFileSync(config, "utf8").replace("llama", "mamba"));
  [hub, directHub, emptyHub] = await Promise.all([
    startHubStandIn(["--seed", seed]),
    startHubStandIn(["--seed", seed, "--direct-ranges"]),
    startHubStandIn(),
  ]);
});
afterAll(async () => {
  await Promise.all([hub, directHub, emptyHub].map((each) => each.stop()));
  rmSync(seed, { recursive: true, force: true });
});
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "models-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Retries at once; silence is measured as ever. */
const hastyClock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, options) => (ms < 30_000 ? Promise.resolve() : systemClock.sleep(ms, options)),
};

interface Setup extends Partial<DownloadOptions> {
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

function download(model: string, { fetch: ask = fetch, signal, ...options }: Setup = {}) {
  return downloadModel(
    model,
    {
      access: { clock: hastyClock, fetch: ask },
      hubs: [modelScope(hub.endpoint), huggingFace(NOWHERE)],
      modelsDir: folder,
      engine: { threads: 1 },
      onProgress: () => {},
      ...options,
    },
    { signal: signal ?? new AbortController().signal },
  );
}

/** The refusal of a download that must fail. */
async function refusalOf(attempt: Promise<unknown>): Promise<WireError> {
  return attempt.then(
    () => expect.unreachable("the download went through"),
    (error: unknown) => error as WireError,
  );
}

/** True for answers with bytes of the weights, from the hub itself or from its storage. */
const isWeights = ({ ok, url }: Response) => ok && /\.safetensors|\/cdn-lfs\//.test(url);

/** Hands the bytes of every answer with weights to `change`. */
function changing(
  change: (bytes: Uint8Array, count: number, range: string | null) => BodyInit,
): typeof fetch {
  let count = 0;
  return async (input, init) => {
    const answer = await fetch(input, init);
    if (!isWeights(answer)) return answer;
    const range = new Headers(init?.headers).get("range");
    const body = change(new Uint8Array(await answer.arrayBuffer()), ++count, range);
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

/** A body that gives the first bytes and then breaks. */
function cutAfter(length: number, bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      if (length > 0) controller.enqueue(bytes.slice(0, length));
      else controller.error(new Error("socket hang up"));
      length = 0;
    },
  });
}

const original = (file: string) => readFileSync(path.join(seed, "models", "test", "tiny", file));
const arrived = (file: string) => readFileSync(path.join(folder, "test", "tiny", file));

test("a model arrives whole, with what is needed and no more", async () => {
  const seen: DownloadProgress[] = [];
  const target = await download("test/tiny", { onProgress: (progress) => seen.push(progress) });
  expect(target).toBe(path.join(folder, "test", "tiny"));
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json", WEIGHTS])
    expect(arrived(file).equals(original(file)), file).toBe(true);
  expect(existsSync(path.join(target, "training_args.bin"))).toBe(false);
  expect(existsSync(path.join(folder, "test", "tiny.partial"))).toBe(false);
  const last = seen.at(-1);
  expect(last?.doneBytes).toBe(last?.totalBytes);
  expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(
    seen.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b),
  );
});

test.each(["that redirects to its storage", "that serves ranges itself"])(
  "a cut connection is gone on from where it broke, with a hub %s",
  async (kind) => {
    const { endpoint } = kind.includes("redirects") ? hub : directHub;
    const ranges: (string | null)[] = [];
    await download("test/tiny", {
      hubs: [modelScope(endpoint)],
      fetch: changing((bytes, count, range) => {
        ranges.push(range);
        return count === 1 ? cutAfter(1000, bytes) : new Uint8Array(bytes);
      }),
    });
    expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
    expect(ranges).toEqual([null, "bytes=1000-"]);
  },
);

test("a hub that ignores ranges is read from the start and only the rest is kept", async () => {
  const whole = original(WEIGHTS);
  await download("test/tiny", {
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (!isWeights(answer)) return answer;
      await answer.body?.cancel();
      const isFirst = new Headers(init?.headers).get("range") === null;
      const body = isFirst ? cutAfter(1000, whole) : new Uint8Array(whole);
      return new Response(body);
    },
  });
  expect(arrived(WEIGHTS).equals(whole)).toBe(true);
});

test("bytes that are not what the hub promised are fetched once more, and then given up", async () => {
  const damaged = (bytes: Uint8Array) => {
    const copy = new Uint8Array(bytes);
    copy[copy.length - 1]! ^= 1;
    return copy;
  };
  const always = await refusalOf(download("test/tiny", { fetch: changing(damaged) }));
  expect(always.status).toBe(502);
  expect(always.message).toContain(`${WEIGHTS} from ${new URL(hub.endpoint).host} is damaged`);
  expect(existsSync(path.join(folder, "test", "tiny"))).toBe(false);

  await download("test/tiny", {
    fetch: changing((bytes, count) => (count === 1 ? damaged(bytes) : new Uint8Array(bytes))),
  });
  expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
});

test("what one hub does not have comes from the next one", async () => {
  await download("test/tiny", {
    hubs: [modelScope(emptyHub.endpoint), huggingFace(hub.endpoint)],
  });
  expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
});

test("the next hub goes on with the bytes of one that went away", async () => {
  const ranges: (string | null)[] = [];
  await download("test/tiny", {
    hubs: [modelScope(directHub.endpoint), huggingFace(hub.endpoint)],
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (!isWeights(answer)) return answer;
      const range = new Headers(init?.headers).get("range");
      ranges.push(range);
      const isFirstHub = (input as URL).origin === directHub.endpoint;
      if (!isFirstHub) return answer;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return new Response(cutAfter(range === null ? 500 : 0, bytes), { headers: answer.headers });
    },
  });
  expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
  expect(ranges.at(-1)).toBe("bytes=500-");
});

test("a model that no hub has is 404 with both names, an unreachable hub is 502", async () => {
  const hubs = [modelScope(emptyHub.endpoint), huggingFace(hub.endpoint)];
  const absent = await refusalOf(download("test/none", { hubs }));
  expect(absent.status).toBe(404);
  for (const { endpoint } of [emptyHub, hub])
    expect(absent.message).toContain(`${new URL(endpoint).host} has no such model.`);
  const unreachable = await refusalOf(download("test/none", { hubs: [modelScope(NOWHERE)] }));
  expect(unreachable.status).toBe(502);
  expect(unreachable.message).toMatch(/127\.0\.0\.1:1 cannot be reached: .+\./);
});

test("a model that cannot be served is refused before its weights come", async () => {
  const refused = await refusalOf(download("test/foreign"));
  expect(refused.status).toBe(400);
  expect(refused.message).toMatch(/^test\/foreign cannot be served here: .*"mamba"/);
  expect(hub.log().filter((line) => line.includes("foreign") && line.includes(WEIGHTS))).toEqual(
    [],
  );
});

test("a model that would take more memory than there may be is refused before its weights come", async () => {
  const refused = await refusalOf(download("test/tiny", { maxMemoryBytes: 1000 }));
  expect(refused.status).toBe(400);
  expect(refused.message).toMatch(/it takes .* of memory, and the limit is 1\.0 kB\.$/);
});

test("a disk without room is said before the weights come", async () => {
  const refused = await refusalOf(
    download("test/tiny", { freeBytes: () => Promise.resolve(1000) }),
  );
  expect(refused.status).toBe(507);
  expect(refused.message).toMatch(/^test\/tiny needs [\d.]+ kB more .* where 1\.0 kB are free\.$/);
});

test("a cancelled download shows nothing and is gone on from later", async () => {
  const cancel = new AbortController();
  const cancelled = await refusalOf(
    download("test/tiny", {
      signal: cancel.signal,
      fetch: changing((bytes) => bytes.slice(0, 2000)),
      onProgress: ({ doneBytes, totalBytes }) => {
        if (totalBytes !== null && doneBytes > totalBytes / 2) cancel.abort();
      },
    }),
  );
  expect(cancelled.name).toBe("AbortError");
  expect(existsSync(path.join(folder, "test", "tiny"))).toBe(false);
  const before = hub.log().length;
  await download("test/tiny");
  expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
  expect(
    hub
      .log()
      .slice(before)
      .filter((line) => line.includes("tokenizer.json")),
  ).toEqual([]);
});

test("a redirect is followed over https or on this machine, and nowhere else", async () => {
  const leadingTo =
    (place: string): typeof fetch =>
    async (input, init) => {
      const url = input as URL;
      if (url.host === "storage.example")
        return fetch(url.searchParams.get("real") ?? "", { ...init, redirect: "manual" });
      const answer = await fetch(input, init);
      const location = answer.headers.get("location");
      if (location === null) return answer;
      const headers = { location: `${place}?real=${encodeURIComponent(location)}` };
      return new Response(null, { status: 302, headers });
    };
  const refused = await refusalOf(
    download("test/tiny", { fetch: leadingTo("http://storage.example/file") }),
  );
  expect(refused.message).toContain("redirects to a place that downloads do not go to");
  await download("test/tiny", { fetch: leadingTo("https://storage.example/file") });
  expect(arrived(WEIGHTS).equals(original(WEIGHTS))).toBe(true);
});
