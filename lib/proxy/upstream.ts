import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { Agent, errors, request } from "undici";
import { StudioError } from "@/lib/base/errors";
import { bytesUpTo } from "./byte-limit";
import { publicLookup } from "./public-addresses";

/** Below the 5 s after which Node and uvicorn close an idle connection, so that a call seldom meets a closed one. */
const KEEP_ALIVE_MS = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;

const TIMEOUTS = [
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
];
/** After these the server certainly never saw the call. */
const NEVER_CONNECTED = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPRIVATE",
  "UND_ERR_CONNECT_TIMEOUT",
];

export interface UpstreamCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: AsyncIterable<Uint8Array> | string | undefined;
  /** Longest wait for the head of the answer, and between two pieces of its body. */
  silenceMs: number;
  /** Refuse names that resolve to private addresses. */
  publicOnly: boolean;
  signal: AbortSignal;
}

export interface UpstreamAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
}

/**
 * One HTTP call as it is given: no redirect followed, nothing decoded, no header added. A GET that met a connection
 * that the server had just closed is sent once more; anything else is never sent twice.
 *
 * @throws {@link StudioError} `unreachable`, `timeout` or `unusable_answer`; what `body` throws; the abort's reason
 */
export async function callUpstream(call: UpstreamCall): Promise<UpstreamAnswer> {
  try {
    return await send(call);
  } catch (error) {
    if (call.method === "GET" && isClosedConnection(error) && !call.signal.aborted) {
      return await send(call).catch((second: unknown) => {
        throw asStudioError(second, call);
      });
    }
    throw asStudioError(error, call);
  }
}

/** A small answer, read to its end; errors as in {@link callUpstream}, and `too_large`. */
export async function readUpstream(
  call: UpstreamCall,
  maxBytes: number,
): Promise<Omit<UpstreamAnswer, "body"> & { bytes: Buffer }> {
  const { status, headers, body } = await callUpstream(call);
  try {
    return { status, headers, bytes: await bytesUpTo(body, maxBytes) };
  } catch (error) {
    throw asStudioError(error, call);
  }
}

async function send(call: UpstreamCall): Promise<UpstreamAnswer> {
  const { statusCode, headers, body } = await request(call.url, {
    method: call.method as "GET",
    headers: call.headers,
    body: typeof call.body === "object" ? Readable.from(call.body) : (call.body ?? null),
    headersTimeout: call.silenceMs,
    bodyTimeout: call.silenceMs,
    signal: call.signal,
    dispatcher: agentFor(call.publicOnly),
  });
  // A body that is thrown away unread must not end the process.
  body.on("error", () => undefined);
  return { status: statusCode, headers, body };
}

const agents = new Map<boolean, Agent>();

function agentFor(publicOnly: boolean): Agent {
  let agent = agents.get(publicOnly);
  if (!agent) {
    agent = new Agent({
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(publicOnly ? { lookup: publicLookup() } : {}) },
    });
    agents.set(publicOnly, agent);
  }
  return agent;
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

function isClosedConnection(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(error));
}

function asStudioError(error: unknown, { signal, url }: UpstreamCall): unknown {
  if (signal.aborted || error instanceof StudioError) return error;
  const host = new URL(url).host;
  const code = codeOf(error);
  const options = {
    retryable: true,
    cause: error,
    details: NEVER_CONNECTED.includes(code) ? { notSent: 1 } : undefined,
  };
  if (TIMEOUTS.includes(code))
    return new StudioError("timeout", `${host} did not answer in time.`, options);
  if (error instanceof errors.HTTPParserError) {
    return new StudioError("unusable_answer", `${host} does not speak HTTP there.`, {
      cause: error,
    });
  }
  return new StudioError("unreachable", `${host} cannot be reached${reasonOf(code)}.`, options);
}

function reasonOf(code: string): string {
  if (code === "ECONNREFUSED") return ": nothing listens there";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return ": the name is not known";
  if (code === "EPRIVATE") return ": the name resolves to a private address";
  if (code.includes("CERT") || code.includes("TLS")) return ": its certificate is not trusted";
  return isClosedConnection({ code }) ? ": it closed the connection" : "";
}
