import { expect, test } from "vitest";

import { parseServerOptions } from "../options";
import { ApiSession } from "../testing/api-session";
import { startTestServer } from "../testing/test-server";

const defaults = { dataDir: "/data", builtinDir: "/builtin", tokens: "" };

test("a server that others reach needs tokens to start with", () => {
  const read = (args: string[], tokens = "") => parseServerOptions(args, { ...defaults, tokens });
  expect(() => read(["--host", "0.0.0.0"])).toThrow("say who may use it with --token");
  expect(() => read(["--host", "0.0.0.0", "--token", "EMPTY_TOKEN"])).toThrow("another one");
  expect(read(["--host", "::1"]).tokens).toEqual([]);
  expect(read(["--host", "0.0.0.0", "--token", "a", "--token", "b"], "c, d\n")).toMatchObject({
    host: "0.0.0.0",
    tokens: ["a", "b", "c", "d"],
  });
});

test("where tokens are listed, every other request is 401 in the API's form", async () => {
  const server = await startTestServer({ host: "0.0.0.0", tokens: ["token-a", "token-b"] });
  try {
    const listed = new ApiSession(server.port, "token-b");
    const foreign = new ApiSession(server.port, "token-c");
    const nobody = new ApiSession(server.port, "");
    const detail = "This server needs a token that it was started with, as a bearer token.";
    for (const api of [foreign, nobody]) {
      for (const path of ["healthz", "training_runs", "studio/models/test/tiny/config.json"])
        expect(await api.get(path)).toEqual({ status: 401, body: { detail } });
      expect(await api.post("create_session", {})).toEqual({ status: 401, body: { detail } });
      expect(await api.post("chat/completions", {})).toEqual({
        status: 401,
        body: { error: { message: detail, type: "invalid_request_error" } },
      });
      const metrics = await fetch(`http://127.0.0.1:${server.port}/metrics`, {
        headers: api.headers,
      });
      expect(metrics.status).toBe(401);
    }

    const id = await listed.model();
    await listed.compute("save_weights", { model_id: id, path: "mine" });
    const archive = `${listed.base}/training_runs/${id}/checkpoints/weights/mine/archive`;
    const linked = await fetch(archive, { headers: listed.headers, redirect: "manual" });
    const followed = await fetch(linked.headers.get("location") ?? "");
    expect(followed.status).toBe(200);
    await followed.arrayBuffer();
  } finally {
    await server.dispose();
  }
});
