import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import nextConfig from "@/next.config";
import { config, proxy } from "@/proxy";

beforeEach(() => vi.stubEnv("SESSION_SECRET", "x".repeat(32)));
afterEach(() => vi.unstubAllEnvs());

function page(host = "127.0.0.1:3000") {
  return proxy(new NextRequest("http://127.0.0.1:3000/runs", { headers: { host } }));
}

test("a page may run only scripts of its own nonce, evaluate nothing and be framed by nobody", () => {
  const policy = page().headers.get("content-security-policy")!;
  expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic';/);
  expect(policy).not.toContain("unsafe-eval");
  for (const rule of [
    "default-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy).toContain(rule);
  }
});

test("no two pages share a nonce, and rendering is told it", () => {
  const [first, second] = [page(), page()].map((response) =>
    response.headers.get("x-middleware-request-x-nonce"),
  );
  expect(first).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(first).not.toBe(second);
});

test("development may evaluate, because React's tooling does", () => {
  vi.stubEnv("NODE_ENV", "development");
  expect(page().headers.get("content-security-policy")).toContain("'unsafe-eval'");
});

test("no page is shown under a foreign host name", () => {
  expect(page("evil.example").status).toBe(403);
});

test("the pages' proxy leaves the routes below /api alone, whose bodies it would cut", () => {
  const matcher = new RegExp(`^${config.matcher}$`);
  expect(["/", "/runs", "/apiary", "/datasets/x"].every((path) => matcher.test(path))).toBe(true);
  expect(
    ["/api/training/forward", "/api/session", "/_next/static/x.js"].some((path) =>
      matcher.test(path),
    ),
  ).toBe(false);
});

test("everything is sent with the headers against framing and sniffing", async () => {
  const [rule] = (await nextConfig.headers?.()) ?? [];
  expect(Object.fromEntries(rule!.headers.map(({ key, value }) => [key, value]))).toMatchObject({
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
});
