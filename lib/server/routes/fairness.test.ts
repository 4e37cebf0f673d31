import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { aDatum, ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

/** Four times what is promised on an idle machine, so that a busy one does not fail. */
const LONGEST_GAP_MS = 2000;

let server: TestServer;
let api: ApiSession;

beforeAll(async () => {
  const directory = fileURLToPath(new URL("../builtin/spark", import.meta.url));
  server = await startTestServer({ models: [{ name: "twinkle/spark", directory }], threads: 2 });
  api = new ApiSession(server.port);
});
afterAll(() => server.dispose());

const aModel = () => api.model({ baseModel: "twinkle/spark" });

async function startTraining(modelId: string, rows: number): Promise<string> {
  const data = Array.from({ length: rows }, () => aDatum(150));
  const { body } = await api.post<{ request_id: string }>("forward_backward", {
    ...{ model_id: modelId, forward_backward_input: { data, loss_fn: "cross_entropy" } },
  });
  return body.request_id;
}

test("answers flow and the server answers while a training call goes on", async () => {
  const ended: string[] = [];
  const training = startTraining(await aModel(), 60)
    .then((requestId) => api.result(requestId))
    .then(() => ended.push("training"));
  const response = await fetch(`${api.base}/chat/completions`, {
    method: "POST",
    headers: api.headers,
    body: JSON.stringify({
      ...{ model: "twinkle/spark", stream: true, max_tokens: 40, temperature: 1, seed: 1, n: 3 },
      messages: [{ role: "user", content: "Tell me a story." }],
    }),
  });
  let last = performance.now();
  const reader = response.body!.getReader();
  while (!(await reader.read()).done) {
    expect(performance.now() - last).toBeLessThan(LONGEST_GAP_MS);
    expect((await api.get("healthz")).status).toBe(200);
    last = performance.now();
  }
  ended.push("answers");
  await training;
  expect(ended).toEqual(["answers", "training"]);
});

test("two models take turns, however many calls each one has sent", async () => {
  const names = ["first", "first", "first", "second", "second"];
  const models = { first: await aModel(), second: await aModel() };
  const ended: string[] = [];
  const results: Promise<unknown>[] = [];
  for (const name of names) {
    const requestId = await startTraining(models[name as keyof typeof models], 10);
    results.push(api.result(requestId).then(() => ended.push(name)));
  }
  await Promise.all(results);
  expect(ended).toEqual(["first", "second", "first", "second", "first"]);
});
