import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import type { Clock } from "@/lib/base/clock";

import { bearerOf, ownerOf, pathSchemeOf } from "../runs/owners";
import { createAccess, type AccessOptions } from "./access";
import { json, type Answer } from "./answers";
import { readJsonBody } from "./body";
import { describeError, openAiError, refusal } from "./errors";
import { OpenRequests } from "./open-requests";
import { createRouter, type Route } from "./router";

const MAX_OPEN = 2048;
const UNKNOWN_ROUTE = "unknown";

/** One answered request, for logs and metrics. Holds no token, no query and no body. */
export interface AnsweredRequest {
  /** ISO time of the request's head. */
  time: string;
  method: string;
  path: string;
  /** The path with its names as placeholders; `unknown` for one that nothing answers. */
  route: string;
  status: number;
  durationMs: number;
  /** Eight digits of the owner's hash. */
  owner: string;
}

export interface ListenerOptions {
  routes: readonly Route[];
  clock: Clock;
  /** Aborts every request that still waits. */
  signal: AbortSignal;
  access: AccessOptions;
  /** Open requests of one owner. */
  maxOpen?: number;
  /** Called once per answered request. */
  onAnswered: (request: AnsweredRequest) => void;
  /** Called with what should not have happened and was answered with status 500. */
  onFault: (error: unknown) => void;
}

/** Answers HTTP requests by the given routes; every failure becomes a JSON body with one sentence. */
export function createListener({
  routes,
  clock,
  signal,
  access,
  maxOpen = MAX_OPEN,
  onAnswered,
  onFault,
}: ListenerOptions): RequestListener {
  const findRoute = createRouter(routes);
  const checkAccess = createAccess(access);
  const open = new OpenRequests(maxOpen);
  signal.addEventListener("abort", () => open.abortAll());

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    onRoute: (route: Route) => void,
  ): Promise<void> {
    const owner = ownerOf(request.headers);
    const closed = open.add(owner);
    response.on("close", () => open.end(owner, closed));
    response.on("error", () => response.destroy());
    let route: Route | null = null;
    try {
      open.expectRoom(owner);
      const url = urlOf(request);
      const match = findRoute(request.method ?? "GET", decodePath(url.pathname));
      route = match.route;
      onRoute(route);
      checkAccess(request, { needsToken: !route.needsNoToken });
      const body =
        request.method === "POST" && !route.hasNoBody
          ? await readJsonBody(request)
          : new Uint8Array();
      const result = await route.handle({
        owner,
        pathScheme: pathSchemeOf(request.headers),
        hubToken: bearerOf(request.headers.authorization),
        origin: `http://${request.headers.host}`,
        params: match.params,
        query: url.searchParams,
        body,
        signal: closed.signal,
      });
      await send(response, result);
    } catch (error) {
      const isAnswerable = !response.headersSent && !closed.signal.aborted;
      if (isAnswerable && describeError(error).status === 500) onFault(error);
      if (isAnswerable) await send(response, errorAnswer(error, route?.errorShape));
      else response.destroy();
    }
  }

  return (request, response) => {
    const startedAt = clock.now();
    const requestId = request.headers["x-request-id"];
    if (typeof requestId === "string") response.setHeader("x-request-id", requestId);
    let route = UNKNOWN_ROUTE;
    void answer(request, response, ({ path }) => (route = path))
      .catch(() => response.destroy())
      .finally(() =>
        onAnswered({
          time: new Date(startedAt).toISOString(),
          method: route === UNKNOWN_ROUTE ? "" : (request.method ?? ""),
          path: (request.url ?? "").split("?")[0] ?? "",
          route,
          status: response.statusCode,
          durationMs: clock.now() - startedAt,
          owner: ownerOf(request.headers).slice(0, 8),
        }),
      );
  };
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.kind === "whole") {
    if (answer.contentType) response.setHeader("Content-Type", answer.contentType);
    if (answer.status !== 204) response.setHeader("Content-Length", Buffer.byteLength(answer.body));
    response.writeHead(answer.status, answer.headers).end(answer.body);
    return;
  }
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache",
  });
  response.flushHeaders();
  await answer.write((data) => {
    if (!response.destroyed) response.write(`data: ${data}\n\n`);
  });
  response.end();
}

function errorAnswer(error: unknown, shape: Route["errorShape"]): Answer {
  const { status, sentence, retryAfterMs } = describeError(error);
  const headers: Record<string, string> =
    retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) };
  const body = shape === "openai" ? { error: openAiError(status, sentence) } : { detail: sentence };
  return json(body, status, headers);
}

/** @throws WireError 400 */
function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(`http://localhost${request.url ?? "/"}`);
  } catch {
    throw refusal(400, "The path is not a valid URL path.");
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refusal(400, "The path is not a valid URL path.");
  }
}
