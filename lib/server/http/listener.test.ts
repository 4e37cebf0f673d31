import { connect } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession, aDatum, trainBody } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";
import { MAX_BODY_BYTES } from "./body";

let server: TestServer;
let api: ApiSession;

beforeAll(async () => {
  server = await startTestServer();
  api = new ApiSession(server.port);
});
afterAll(() => server.dispose());

test("an unknown path is 404 and a known one with another method is 405", async () => {
  expect(await api.get("nowhere")).toEqual({ status: 404, body: { detail: "Not Found" } });
  expect((await api.get("create_session")).status).toBe(405);
  expect((await api.call("DELETE", "training_runs")).status).toBe(405);
});

test("a body that is not JSON is refused with a sentence", async () => {
  const plain = await fetch(`${api.base}/create_session`, {
    method: "POST",
    body: "{}",
    headers: { "Content-Type": "text/plain" },
  });
  expect(plain.status).toBe(415);
  expect(await plain.json()).toMatchObject({
    detail: expect.stringContaining("application/json") as string,
  });
  expect(await api.call("POST", "create_session", "{nope")).toEqual({
    status: 422,
    body: { detail: "The body is not valid JSON in UTF-8." },
  });
});

test("a wrong field is named, also deep inside a batch", async () => {
  expect(await api.post("create_session", { tags: [], sdk_version: 3 })).toEqual({
    status: 422,
    body: { detail: 'Field "sdk_version": expected string.' },
  });
  const datum = aDatum() as { loss_fn_inputs: { weights: { data: unknown[] } } };
  datum.loss_fn_inputs.weights.data[3] = "one";
  const wrong = await api.post<{ detail: string }>(
    "forward_backward",
    trainBody("x", { forward_backward_input: { data: [datum], loss_fn: "cross_entropy" } }),
  );
  expect(wrong.status).toBe(422);
  expect(wrong.body.detail).toContain(
    "forward_backward_input.data.0.loss_fn_inputs.weights.data.3",
  );
});

test("a body above the limit is 413, announced or not", async () => {
  const large = "x".repeat(MAX_BODY_BYTES + 1);
  expect((await api.call("POST", "forward", large)).status).toBe(413);
  const stream = new Blob([large]).stream();
  const init = { method: "POST", body: stream, headers: api.headers, duplex: "half" };
  expect((await fetch(`${api.base}/forward`, init as RequestInit)).status).toBe(413);
  expect((await api.get("healthz")).status).toBe(200);
});

test("requests under a foreign host name are refused", async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write(
        "GET /api/v1/healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
      ),
    );
    let text = "";
    socket.on("data", (part) => (text += part.toString())).on("close", () => resolve(text));
  });
  expect(answer).toContain("HTTP/1.1 403");
});

test("the request id comes back and no answer holds the token", async () => {
  const session = new ApiSession(server.port, "secret-token", { "x-request-id": "id-1" });
  await session.model();
  const response = await fetch(`${session.base}/training_runs`, { headers: session.headers });
  expect(response.headers.get("x-request-id")).toBe("id-1");
  expect(await response.text()).not.toContain("secret-token");
});

test("capabilities, capacity, models and tokenizer files describe what is served", async () => {
  expect((await api.get("get_server_capabilities")).body).toEqual({
    supported_models: [{ model_name: "test/tiny", max_context_length: 128, parameter_count: 9424 }],
    publish_takes_hub_token: true,
  });
  expect((await api.get("twinkle/capacity_info")).body).toMatchObject({ max_loras: 4 });
  expect((await api.get("models")).body).toMatchObject({
    object: "list",
    data: [{ id: "test/tiny" }],
  });
  expect((await api.get("studio/models/test/tiny/config.json")).body).toMatchObject({
    model_type: "llama",
  });
  for (const file of [
    "model.safetensors",
    "README.md",
    "..%2Ftiny%2Fconfig.json",
    "generation_config.json",
  ]) {
    expect((await api.get(`studio/models/test/tiny/${file}`)).status, file).toBe(404);
  }
  expect((await api.get("studio/models/test/other/config.json")).status).toBe(404);
});
