import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { startHubStandIn, type HubStandIn } from "../testing/hub-stand-in";
import { startTestServer, type TestServer } from "../testing/test-server";

let hub: HubStandIn;
let server: TestServer;
let run: string;

const owner = { "Twinkle-Authorization": "Bearer token-a" };
const publish = (token: string | null, name = "final", headers: Record<string, string> = owner) => {
  const session = new ApiSession(server.port, token ?? "", headers);
  if (token === null) delete session.headers["Authorization"];
  return session.call<{ detail: string }>(
    "POST",
    `training_runs/${run}/checkpoints/weights/${name}/publish`,
  );
};

beforeAll(async () => {
  hub = await startHubStandIn();
  server = await startTestServer({ hubEndpoint: hub.endpoint });
  const api = new ApiSession(server.port);
  run = await api.model();
  await api.step(run);
  for (const name of ["final", "taken", "最终"])
    await api.compute("save_weights", { model_id: run, path: name });
});
afterAll(async () => {
  await server.dispose();
  await hub.stop();
});

test.each([
  ["no token", null],
  ["the empty token", "EMPTY_TOKEN"],
  ["a token that no header can carry", "a;b"],
  ["a token the hub does not know", "ms-wrong"],
])("%s is 401 with the place to get one, and nothing is uploaded", async (_what, token) => {
  const { status, body } = await publish(token);
  expect(status).toBe(401);
  expect(body.detail).toContain("https://www.modelscope.cn/my/myaccesstoken");
  expect(body.detail).not.toContain("ms-wrong");
  expect(hub.repositories()).toEqual({});
});

test("a name that the hub cannot take is refused before it is asked", async () => {
  const before = hub.log().length;
  const { status, body } = await publish("ms-good", encodeURIComponent("最终"));
  expect(status).toBe(400);
  expect(body.detail).toContain("save the weights under such a name");
  expect(hub.log()).toHaveLength(before);
});

test("a token that may only read is 403", async () => {
  const { status, body } = await publish("ms-read");
  expect(status).toBe(403);
  expect(body.detail).toContain("may only read");
  expect(hub.repositories()).toEqual({});
});

test("an adapter becomes a private model with its card and without the optimizer", async () => {
  expect(await publish("ms-good")).toEqual({ status: 204, body: null });
  const repository = hub.repositories()[`models/alice/${run}_final`];
  expect(repository?.Visibility).toBe(1);
  expect(Object.keys(repository?.files ?? {}).sort()).toEqual([
    "README.md",
    "adapter_config.json",
    "adapter_model.safetensors",
  ]);
  const [hash = ""] = readdirSync(path.join(server.dataDir, "owners"));
  const weights = readFileSync(
    path.join(
      server.dataDir,
      "owners",
      hash,
      "runs",
      run,
      "weights",
      "final",
      "adapter_model.safetensors",
    ),
  );
  expect(repository?.files["adapter_model.safetensors"]).toMatchObject({
    size: weights.length,
    sha256: createHash("sha256").update(weights).digest("hex"),
  });
  const card = await fetch(
    `${hub.endpoint}/api/v1/models/alice/${run}_final/repo?Revision=master&FilePath=README.md`,
    {
      headers: { Authorization: "Bearer ms-good" },
    },
  );
  const text = await card.text();
  expect(text).toMatch(/^---\nbase_model: test\/tiny\nlibrary_name: peft\nlicense: apache-2.0\n/);
  expect(text).toContain("| LoRA rank | `4` |");
  expect(text).toContain(`alice/${run}_final`);
  expect(text).not.toContain("ms-good");
});

test("publishing again replaces the files and stays private", async () => {
  expect((await publish("ms-good")).status).toBe(204);
  expect(hub.repositories()[`models/alice/${run}_final`]?.Visibility).toBe(1);
});

test("a model of that name that is public is never touched", async () => {
  await fetch(`${hub.endpoint}/api/v1/models`, {
    method: "POST",
    headers: { Authorization: "Bearer ms-good" },
    body: JSON.stringify({ Path: "alice", Name: `${run}_taken`, Visibility: 5 }),
  });
  const { status, body } = await publish("ms-good", "taken");
  expect(status).toBe(400);
  expect(body.detail).toContain("nothing was uploaded");
  expect(hub.repositories()[`models/alice/${run}_taken`]).toMatchObject({
    Visibility: 5,
    files: {},
  });
});

test("a checkpoint that is not there is 404 before the hub is asked", async () => {
  const before = hub.log().length;
  expect((await publish("ms-good", "nothing")).status).toBe(404);
  expect((await publish("ms-good", "final", {})).status).toBe(404);
  expect(hub.log()).toHaveLength(before);
});

test("only known routes of the hub are called", () => {
  expect(hub.log().filter((line) => line.includes("UNKNOWN"))).toEqual([]);
});

test("a hub that is not there is said to be unreachable", async () => {
  const lonely = await startTestServer({ hubEndpoint: "http://127.0.0.1:1" });
  try {
    const api = new ApiSession(lonely.port, "ms-good");
    const id = await api.model();
    await api.compute("save_weights", { model_id: id, path: "a" });
    const answer = await api.call<{ detail: string }>(
      "POST",
      `training_runs/${id}/checkpoints/weights/a/publish`,
    );
    expect(answer.status).toBe(502);
    expect(answer.body.detail).toContain("cannot be reached");
  } finally {
    await lonely.dispose();
  }
});
