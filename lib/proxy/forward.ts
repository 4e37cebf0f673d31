import type { Readable } from "node:stream";
import { StudioError } from "@/lib/base/errors";
import { allowedCall } from "./allowed-calls";
import { safeHeaders } from "./answers";
import { limitedBody } from "./byte-limit";
import type { Handler } from "./handle";
import { requiredConnection, serverIdOf } from "./session";
import { callUpstream, type UpstreamAnswer } from "./upstream";
import { authHeaders, headersForPage } from "./upstream-headers";

const PREFIX = "/api/training/";
const EXPECTED_SERVER_HEADER = "x-studio-server";
/** Twinkle holds a poll for 30 s and a queue for 300 s. */
const SILENCE_MS = 330_000;
/** Twinkle answers a publish only when the upload is through. */
const PUBLISH_SILENCE_MS = 30 * 60_000;

/** Passes a call of the page on to the session's training server and its answer back, both bodies as streams. */
export const forwardTrainingCall: Handler = async (request, { session, env }) => {
  const url = new URL(request.url);
  if (!url.pathname.startsWith(PREFIX))
    throw new StudioError("not_found", "The studio does not pass this call on.");
  const call = allowedCall(request.method, url.pathname.slice(PREFIX.length), url.searchParams);
  const connection = requiredConnection(session);
  checkExpectedServer(request, serverIdOf(connection, env));
  const isPublish = call.route.path.endsWith("/publish");
  const token = isPublish ? (session.hubToken ?? connection.token) : connection.token;

  const answer = await callUpstream({
    method: request.method,
    url: `${connection.serverUrl}/api/v1/${call.path}`,
    headers: { ...authHeaders(connection, token), ...headersOfPage(request) },
    body: request.method === "POST" ? bodyOf(request, env.maxBodyBytes) : undefined,
    silenceMs: isPublish ? PUBLISH_SILENCE_MS : SILENCE_MS,
    publicOnly: env.allowedServers !== null,
    signal: request.signal,
  });
  return answerForPage(answer);
};

/** A run is bound to its server: it says which, and must not reach another one after the user connected elsewhere. */
function checkExpectedServer(request: Request, serverId: string): void {
  const expected = request.headers.get(EXPECTED_SERVER_HEADER);
  if (expected !== null && expected !== serverId) {
    throw new StudioError(
      "other_server",
      "The studio is connected to another training server now.",
      {
        details: { hint: `The run lives on ${expected}: connect there again to go on.` },
      },
    );
  }
}

function headersOfPage(request: Request): Record<string, string> {
  const headers: Record<string, string> = { accept: request.headers.get("accept") ?? "*/*" };
  if (request.method !== "POST") return headers;
  const length = request.headers.get("content-length");
  return {
    ...headers,
    "content-type": "application/json",
    ...(length ? { "content-length": length } : {}),
  };
}

function bodyOf(request: Request, maxBytes: number): AsyncIterable<Uint8Array> | undefined {
  return request.body
    ? limitedBody(request.body, request.headers.get("content-length"), maxBytes)
    : undefined;
}

function answerForPage({ status, headers, body }: UpstreamAnswer): Response {
  const problem = problemOf(status, headers["content-encoding"]);
  if (problem) {
    body.destroy();
    throw new StudioError("unusable_answer", problem);
  }
  const kept = safeHeaders(headersForPage(headers));
  if (status === 204 || status === 205) {
    body.destroy();
    return new Response(null, { status, headers: kept });
  }
  return new Response(streamOf(body), { status, headers: kept });
}

/** Not `Readable.toWeb`: on Node 20 it throws outside of any promise when a page goes away while data comes in. */
function streamOf(body: Readable): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: () => void body.destroy(),
  });
}

function problemOf(status: number, encoding: string | undefined): string | null {
  if (status >= 300 && status < 400)
    return "The training server redirects to another address; the studio does not follow.";
  if (encoding && encoding !== "identity")
    return "The training server compressed its answer without being asked to.";
  return null;
}
