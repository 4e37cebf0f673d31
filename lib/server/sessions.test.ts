import { expect, test } from "vitest";

import { ApiSession, trainBody } from "./testing/api-session";
import { startTestServer } from "./testing/test-server";

test("a session without heartbeat ends with its models, one with heartbeats lives, files stay", async () => {
  const server = await startTestServer({ sessionTimeoutMs: 400 });
  try {
    const api = new ApiSession(server.port);
    const [silent, alive] = [await api.session(), await api.session()];
    const beat = () => api.post("session_heartbeat", { session_id: alive });
    const gone = await api.model({ sessionId: silent });
    const kept = await api.model({ sessionId: alive });
    await api.compute("save_weights", { model_id: gone, path: "kept" });
    const usedLoras = async () =>
      (await api.get<{ used_loras: number }>("twinkle/capacity_info")).body.used_loras;
    for (let i = 0; i < 100 && (await usedLoras()) > 1; i++) {
      expect((await beat()).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
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
    expect((await api.get(`training_runs/${gone}/checkpoints`)).body).toMatchObject({
      checkpoints: [{ checkpoint_id: "weights/kept" }],
    });
  } finally {
    await server.dispose();
  }
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
