import { expect, test } from "vitest";

import { Sessions } from "./sessions";
import { ApiSession, trainBody } from "./testing/api-session";
import { createHandClock } from "./testing/hand-clock";
import { startTestServer } from "./testing/test-server";

let next = 0;

test("a session without heartbeat ends with its models, one with heartbeats lives, files stay", async () => {
  const clock = createHandClock();
  const server = await startTestServer({ clock, sessionTimeoutMs: 120_000 });
  try {
    const api = new ApiSession(server.port);
    const [silent, alive] = [await api.session(), await api.session()];
    const gone = await api.model({ sessionId: silent });
    const kept = await api.model({ sessionId: alive });
    await api.compute("save_weights", { model_id: gone, path: "kept" });
    for (let second = 0; second < 121; second++) {
      if (second === 119) expect((await api.post("get_info", { model_id: gone })).status).toBe(200);
      if (second % 10 === 0) await api.post("session_heartbeat", { session_id: alive });
      await clock.advance(1000);
    }
    expect(await api.post("forward_backward", trainBody(gone))).toEqual({
      status: 404,
      body: { detail: `Model ${gone} not found` },
    });
    expect(await api.post("session_heartbeat", { session_id: silent })).toEqual({
      status: 404,
      body: { detail: "Unknown session" },
    });
    expect((await api.post("get_info", { model_id: kept })).status).toBe(200);
    expect((await api.get("twinkle/capacity_info")).body).toMatchObject({ used_loras: 1 });
    expect((await api.get(`training_runs/${gone}/checkpoints`)).body).toMatchObject({
      checkpoints: [{ checkpoint_id: "weights/kept" }],
    });
  } finally {
    await server.dispose();
  }
});

test("a computer that slept for an hour ends no session when it wakes", async () => {
  const clock = createHandClock();
  const server = await startTestServer({ clock, sessionTimeoutMs: 120_000 });
  try {
    const api = new ApiSession(server.port);
    const id = await api.session();
    await clock.advance(3_600_000);
    expect((await api.post("session_heartbeat", { session_id: id })).status).toBe(200);
  } finally {
    await server.dispose();
  }
});

test("an owner has a bounded number of sessions, and another one is not held up", () => {
  const sessions = new Sessions({
    ...{ clock: createHandClock(), newId: () => String(next++), timeoutMs: 1000, maxOpen: 2 },
    onExpire: () => undefined,
  });
  sessions.open("me");
  sessions.open("me");
  expect(() => sessions.open("me")).toThrow("2 of your sessions are open");
  expect(sessions.open("you")).toMatch(/^session_/);
});

test("a heartbeat of another token does not count", async () => {
  const server = await startTestServer();
  try {
    const id = await new ApiSession(server.port).session();
    const other = new ApiSession(server.port, "token-b");
    expect((await other.post("session_heartbeat", { session_id: id })).status).toBe(404);
  } finally {
    await server.dispose();
  }
});
