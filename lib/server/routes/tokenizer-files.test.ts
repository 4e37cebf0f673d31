import { afterAll, beforeAll, expect, test } from "vitest";

import { startTestServer, type TestServer } from "../testing/test-server";

let server: TestServer;
let hub: string;

beforeAll(async () => {
  server = await startTestServer();
  hub = `http://127.0.0.1:${server.port}/api/v1/studio/models`;
});
afterAll(() => server.dispose());

test("tokenizer files are served in the form of Hugging Face's hub", async () => {
  const url = `${hub}/test/tiny/resolve/main/tokenizer.json`;
  const head = await fetch(url, { method: "HEAD" });
  const whole = await fetch(url);
  const text = await whole.text();
  expect(await head.text()).toBe("");
  expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
  expect(JSON.parse(text)).toHaveProperty("model");
  for (const { headers } of [head, whole]) {
    expect(headers.get("x-repo-commit")).toMatch(/^[0-9a-f]{40}$/);
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{40}"$/);
  }
});

test("a file that a model lacks is told apart from a model that is not served", async () => {
  const noFile = await fetch(`${hub}/test/tiny/resolve/main/model.safetensors`);
  expect(noFile.status).toBe(404);
  expect(noFile.headers.get("x-error-code")).toBe("EntryNotFound");
  const noModel = await fetch(`${hub}/test/other/resolve/main/config.json`);
  expect(noModel.status).toBe(404);
  expect(noModel.headers.get("x-error-code")).toBeNull();
});
