import { describe, expect, test } from "vitest";
import { HOST, TestStudio } from "./test-studio";
import type { Handler } from "./handle";

const handler: Handler = () => new Response("in");

async function statusOf(
  method: string,
  headers: Record<string, string>,
  env = {},
): Promise<number> {
  const body = method === "POST" || method === "PUT" ? { body: {} } : {};
  return (await new TestStudio(env).call(handler, "/api/session", { method, headers, ...body }))
    .status;
}

describe("the host", () => {
  test.each(["localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST"])(
    "%s is the studio",
    async (host) => {
      expect(await statusOf("GET", { host })).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io:3000",
    "127.0.0.2",
    "",
    "localhost:3000@evil.example",
    "a b",
  ])("%j is refused, also for reading", async (host) => {
    expect(await statusOf("GET", { host })).toBe(403);
  });

  test("may be one that the operator lists", async () => {
    const env = { STUDIO_ALLOWED_HOSTS: "Studio.example, other.example" };
    expect(await statusOf("GET", { host: "studio.example:8443" }, env)).toBe(200);
    expect(await statusOf("GET", { host: "evil.example" }, env)).toBe(403);
  });
});

describe.each(["POST", "PUT", "DELETE"])("a %s", (method) => {
  test.each([
    ["from the studio's page", { "sec-fetch-site": "same-origin" }],
    ["from its page in a browser without Sec-Fetch-Site", {}],
    ["from its page in a browser without Origin", { origin: "", "sec-fetch-site": "same-origin" }],
  ])("%s is let in", async (_name, headers) => {
    expect(await statusOf(method, headers)).toBe(200);
  });

  test.each([
    ["from another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    [
      "from another port of this machine",
      { origin: "http://127.0.0.1:8000", "sec-fetch-site": "same-site" },
    ],
    ["from another site in an old browser", { origin: "https://evil.example" }],
    ["from a file or a sandboxed frame", { origin: "null" }],
    ["from a site whose name begins alike", { origin: `http://${HOST}.evil.example` }],
    ["that contradicts itself", { origin: `http://${HOST}`, "sec-fetch-site": "cross-site" }],
    ["that was typed into the address line", { origin: "", "sec-fetch-site": "none" }],
    ["that does not say where it comes from", { origin: "" }],
  ])("%s is refused", async (_name, headers) => {
    expect(await statusOf(method, headers)).toBe(403);
  });
});

describe("a body", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "",
  ])("of the type %j is refused: a form of another site could send it", async (type) => {
    expect(await statusOf("POST", { "content-type": type })).toBe(400);
  });

  test("may say its character set", async () => {
    expect(await statusOf("POST", { "content-type": "application/json; charset=utf-8" })).toBe(200);
  });
});

test("another site cannot read an answer by embedding it", async () => {
  expect(await statusOf("GET", { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf("GET", { "sec-fetch-site": "none" })).toBe(200);
});

test("an error inside the studio tells the page nothing", async () => {
  const failing: Handler = () => {
    throw new TypeError("secret detail");
  };
  const logged: unknown[][] = [];
  const original = console.error;
  console.error = (...words: unknown[]) => void logged.push(words);
  try {
    const response = await new TestStudio().call(failing, "/api/session");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: "internal",
      message: "The studio's own server failed.",
      hint: null,
    });
    expect(logged).toEqual([["studio: TypeError"]]);
  } finally {
    console.error = original;
  }
});
