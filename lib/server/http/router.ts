import type * as z from "zod/mini";

import { firstIssue } from "@/lib/protocol/first-issue";

import type { PathScheme } from "../runs/checkpoint-paths";
import type { Answer } from "./answers";
import { refusal } from "./errors";

/** One request, read and authenticated. */
export interface Call {
  /** Short hash of the token; everything a token owns is stored under it. */
  owner: string;
  /** How the caller spells checkpoint paths. */
  pathScheme: PathScheme;
  /** The bearer of `Authorization`: the caller's token for the model hub. Never stored, logged or sent back. */
  hubToken: string | null;
  /** `http://HOST` as the caller addressed this server. */
  origin: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The raw body; empty for GET and DELETE. */
  body: Uint8Array;
  /** Aborts when the client goes away or the server shuts down. */
  signal: AbortSignal;
}

export interface Route {
  method: "GET" | "POST" | "DELETE";
  /** Below `/api/v1/` unless it starts with a slash; `{name}` is one segment, `{checkpoint}` takes a slash too. */
  path: string;
  handle: (call: Call) => Promise<Answer> | Answer;
  /** How errors look: FastAPI's `{detail}` unless said otherwise. */
  errorShape?: "openai";
  /** What follows a link sends no token: the link is the permission. */
  needsNoToken?: boolean;
  /** A POST without a body. */
  hasNoBody?: boolean;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/**
 * Finds the route of a request.
 *
 * @throws WireError 404 for an unknown path, 405 for a known one with another method
 */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return (method, path) => {
    let isKnownPath = false;
    for (const { route, pattern } of compiled) {
      const found = pattern.exec(path);
      if (!found) continue;
      // Node leaves the body of a HEAD answer out.
      if (route.method === (method === "HEAD" ? "GET" : method))
        return { route, params: { ...found.groups } };
      isKnownPath = true;
    }
    if (isKnownPath) throw refusal(405, `${method} is not allowed on this path.`);
    throw refusal(404, "Not Found");
  };
}

/**
 * The body as the schema's output.
 *
 * @throws WireError 422 with a sentence that names the field
 */
export function parseBody<T>(call: Call, schema: z.ZodMiniType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.body));
  } catch {
    throw refusal(422, "The body is not valid JSON in UTF-8.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { field, message } = firstIssue(parsed.error);
  throw refusal(422, `${field ? `Field "${field}"` : "The body"}: ${message}.`);
}

function patternOf(path: string): RegExp {
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === "checkpoint" ? "(?<checkpoint>[^/]+(?:/[^/]+)?)" : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${path.startsWith("/") ? "" : "/api/v1/"}${source}$`);
}
