import { expect, test } from "vitest";
import { parseStudioEnv } from "./env";

const SECRET = { SESSION_SECRET: "x".repeat(32) };

test("the environment needs nothing but the secret", () => {
  expect(parseStudioEnv(SECRET)).toMatchObject({
    defaultServer: null,
    allowedServers: null,
    allowedHosts: [],
    secureCookies: false,
    maxBodyBytes: 32 * 1024 * 1024,
    modelScopeEndpoint: "https://www.modelscope.cn",
    huggingFaceEndpoint: "https://huggingface.co",
  });
});

test.each([
  ["no secret", {}, /SESSION_SECRET is required/],
  ["an empty secret", { SESSION_SECRET: "" }, /SESSION_SECRET is required/],
  ["a short secret", { SESSION_SECRET: "x".repeat(31) }, /SESSION_SECRET must have at least 32/],
  [
    "a bad server",
    { ...SECRET, STUDIO_DEFAULT_SERVER: "nowhere" },
    /STUDIO_DEFAULT_SERVER The address must begin/,
  ],
  [
    "a bad list",
    { ...SECRET, STUDIO_ALLOWED_SERVERS: "https://a, b" },
    /STUDIO_ALLOWED_SERVERS The address/,
  ],
  ["an empty list", { ...SECRET, STUDIO_ALLOWED_SERVERS: " , " }, /STUDIO_ALLOWED_SERVERS/],
  [
    "a default that is not listed",
    { ...SECRET, STUDIO_DEFAULT_SERVER: "http://a", STUDIO_ALLOWED_SERVERS: "http://b" },
    /STUDIO_DEFAULT_SERVER must be one of/,
  ],
  [
    "a hub without encryption",
    { ...SECRET, HF_ENDPOINT: "http://mirror.example" },
    /HF_ENDPOINT must be https/,
  ],
  [
    "a limit that is no number",
    { ...SECRET, STUDIO_MAX_BODY_BYTES: "big" },
    /STUDIO_MAX_BODY_BYTES/,
  ],
])("the start fails clearly with %s", (_name, env, message) => {
  expect(() => parseStudioEnv(env)).toThrow(message);
});

test("a hub on this machine may speak plain HTTP", () => {
  expect(
    parseStudioEnv({ ...SECRET, MODELSCOPE_ENDPOINT: "http://127.0.0.1:8099/" }).modelScopeEndpoint,
  ).toBe("http://127.0.0.1:8099");
});
