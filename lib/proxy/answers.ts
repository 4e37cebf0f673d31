/** Nothing below `/api` is a page: should a browser open it as one, it may do nothing there. */
const SAFE_HEADERS = {
  "cache-control": "no-store, no-transform",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "x-content-type-options": "nosniff",
};

export function safeHeaders(more: HeadersInit = {}): Headers {
  const headers = new Headers(SAFE_HEADERS);
  for (const [name, value] of new Headers(more)) headers.set(name, value);
  return headers;
}

export function jsonAnswer(
  body: unknown,
  options: { status?: number; headers?: HeadersInit } = {},
): Response {
  const headers = safeHeaders(options.headers);
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status: options.status ?? 200, headers });
}
