import type { IncomingHttpHeaders } from "node:http";
import type { Connection } from "./session";

const CONTENT_TYPES = [
  "application/json",
  "text/event-stream",
  "text/plain",
  "application/octet-stream",
];

/** The headers of every call to a training server: Twinkle's own, built here so that the page never holds the token. */
export function authHeaders(
  connection: Connection,
  authorization = connection.token,
): Record<string, string> {
  return {
    authorization: `Bearer ${authorization}`,
    "twinkle-authorization": `Bearer ${connection.token}`,
    "x-request-id": connection.requestId,
    "x-ray-serve-request-id": connection.requestId,
    // Both spellings: proxies drop names with underscores.
    serve_multiplexed_model_id: connection.requestId,
    "serve-multiplexed-model-id": connection.requestId,
    "accept-encoding": "identity",
  };
}

/** What passes from an answer to the page. A type that a browser would render becomes plain text. */
export function headersForPage(headers: IncomingHttpHeaders): Record<string, string> {
  const given = String(headers["content-type"] ?? "").toLowerCase();
  const type = CONTENT_TYPES.find((known) => given.startsWith(known)) ?? "text/plain";
  const retryAfter = headers["retry-after"] ?? "";
  const requestId = String(headers["x-request-id"] ?? "");
  return {
    "content-type":
      type === "text/event-stream" || type === "text/plain" ? `${type}; charset=utf-8` : type,
    ...(/^\d{1,6}$/.test(retryAfter) ? { "retry-after": retryAfter } : {}),
    ...(/^[\w-]{1,64}$/.test(requestId) ? { "x-request-id": requestId } : {}),
    ...(type === "text/event-stream" ? { "cache-control": "no-cache, no-transform" } : {}),
  };
}
