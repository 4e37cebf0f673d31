import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import type { Clock } from "@/lib/base/clock";

import { bearerOf, ownerOf, pathSchemeOf } from "../runs/owners";
import { json, type Answer } from "./answers";
import { readJsonBody } from "./body";
import { describeError, openAiError, refusal } from "./errors";
import { createRouter, type Route } from "./router";

export interface RequestLogLine {
  method: string;
  path: string;
  status: number;
  durationMs: number;
  owner: string;
}

export interface ListenerOptions {
  routes: readonly Route[];
  clock: Clock;
  /** Aborts every request that still waits. */
  signal: AbortSignal;
  /** Called once per answered request. */
  log?: ((line: RequestLogLine) => void) | undefined;
}

/** Answers HTTP requests by the given routes; every failure becomes a JSON body with one sentence. */
export function createListener({ routes, clock, signal, log }: ListenerOptions): RequestListener {
  const route = createRouter(routes);
  // One list, because AbortSignal.any with a signal that lives as long as the server leaks on every request.
  const open = new Set<AbortController>();
  signal.addEventListener("abort", () => open.forEach((request) => request.abort()));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new AbortController();
    open.add(closed);
    response.on("close", () => {
      open.delete(closed);
      closed.abort();
    });
    response.on("error", () => response.destroy());
    let errorShape: Route["errorShape"];
    try {
      refuseForeignHost(request);
      const url = new URL(request.url ?? "/", "http://localhost");
      const match = route(request.method ?? "GET", decodePath(url.pathname));
      errorShape = match.route.errorShape;
      const body =
        request.method === "POST" && !match.route.hasNoBody
          ? await readJsonBody(request)
          : new Uint8Array();
      const result = await match.route.handle({
        owner: ownerOf(request.headers),
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
      if (response.headersSent || closed.signal.aborted) response.destroy();
      else await send(response, errorAnswer(error, errorShape));
    }
  }

  return (request, response) => {
    const startedAt = clock.now();
    const requestId = request.headers["x-request-id"];
    if (typeof requestId === "string") response.setHeader("x-request-id", requestId);
    void answer(request, response)
      .catch(() => response.destroy())
      .finally(() =>
        log?.({
          method: request.method ?? "",
          path: (request.url ?? "").split("?")[0] ?? "",
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

/** A page whose domain name was pointed at 127.0.0.1 must not reach the server: its requests carry that name as Host. */
function refuseForeignHost(request: IncomingMessage): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (!["127.0.0.1", "localhost", "[::1]"].includes(host)) {
    throw refusal(403, "This server answers only requests to 127.0.0.1 or localhost.");
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refusal(400, "The path is not a valid URL path.");
  }
}
