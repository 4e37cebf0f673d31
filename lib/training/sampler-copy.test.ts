import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "@/lib/base/clock";
import { sampleAnswers } from "@/lib/client/sample-answers";
import { ApiSession } from "@/lib/server/testing/api-session";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { apiOver } from "@/lib/testing/run-builders";
import type { ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { standBefore } from "@/lib/testing/stand-before";
import { askWithPath } from "./sampler-copy";

let server: TestServer;
let session: ApiSession;
/** Samples only what was saved for the sampler. */
let strict: ScriptedUpstream;
/** While true, no run can be created. */
let isFull = false;
beforeAll(async () => {
  server = await startTestServer({ maxLoras: 8 });
  session = new ApiSession(server.port);
  strict = await standBefore(`http://127.0.0.1:${server.port}`, (call, body) => {
    if (isFull && call === "POST create_model") return { status: 400, body: { detail: "full" } };
    return call === "POST asample" && body.includes("/weights/")
      ? { status: 400, body: { detail: "only sampler weights can be sampled" } }
      : null;
  });
});
afterAll(async () => {
  await strict.close();
  await server.dispose();
});

let path: string;
beforeEach(async () => {
  const model_id = await session.model();
  path = (await session.compute<{ path: string }>("save_weights", { model_id, path: "a" })).path;
  strict.seen.length = 0;
});

function ask(signal = new AbortController().signal) {
  const api = apiOver(
    (input, init) => fetch(input, { ...init, headers: session.headers }),
    `${strict.url}/api/v1`,
  );
  const options = { clock: systemClock, signal };
  const of = { serverId: strict.url, path, baseModel: "test/tiny" };
  return askWithPath(api, of, true, options, async (asked) => {
    const settings = { temperature: 0, topP: 1, topK: null, maxTokens: 1, stop: [], seed: null };
    await sampleAnswers(
      api,
      {
        ...{ baseModel: "test/tiny", path: asked, ids: [65], turnEnd: [] },
        ...{ settings: { ...settings, count: 1 }, decode: () => "" },
      },
      options,
    );
    return asked;
  });
}

const callsOf = (end: string) => strict.seen.filter(({ path }) => path.includes(end)).length;

test("two who ask for a checkpoint at once share one copy, which is not looked for again", async () => {
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(other).toEqual(one);
  expect(await ask()).toEqual(one);
  expect(callsOf("/create_model")).toBe(1);
  expect(callsOf("/training_runs")).toBe(1);
});

test("one who leaves while the copy is made does not spoil it for the other", async () => {
  const leaver = new AbortController();
  const left = expect(ask(leaver.signal)).rejects.toThrow("aborted");
  const stayed = ask();
  leaver.abort();
  await left;
  expect((await stayed).answer).toContain("/sampler_weights/");
  expect(callsOf("/create_model")).toBe(1);
});

test("a copy that could not be made is tried again", async () => {
  isFull = true;
  await expect(ask()).rejects.toThrow("full");
  isFull = false;
  expect((await ask()).answer).toContain("/sampler_weights/");
});

test("a copy that was deleted meanwhile is made again", async () => {
  const { answer: first } = await ask();
  const [, run, id] = /:\/\/([^/]+)\/(.+)$/.exec(first) ?? [];
  await session.call("DELETE", `training_runs/${run}/checkpoints/${id}`);
  const { answer: second } = await ask();
  expect(second).not.toBe(first);
  expect(callsOf("/create_model")).toBe(2);
});
