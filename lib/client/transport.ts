import * as z from "zod/mini";
import { ERROR_CODES, StudioError, WireError, type ErrorCode } from "@/lib/base/errors";
import { sentenceOfErrorBody } from "@/lib/protocol/error-bodies";
import { firstIssue } from "@/lib/protocol/first-issue";
import { jsonOf, textUpTo } from "./answer-text";
import { retryAfterMs } from "./retry-after";
import { withTimeLimit } from "./time-limit";

export interface TransportOptions {
  /** Where the calls of the API live, without a slash at the end: `/api/training` or `http://127.0.0.1:8000/api/v1`. */
  baseUrl: string;
  fetch: typeof fetch;
  headers?: Record<string, string>;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Gives up after this time with the code `timeout`; the server may still have acted. A stream has it for its beginning. */
  timeoutMs?: number;
}

export interface Call<Result> {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base address, with its query. */
  path: string;
  body?: unknown;
  answer: z.ZodMiniType<Result>;
}

export interface Transport {
  /**
   * The parsed answer of one call.
   *
   * @throws {@link WireError} when the server says no, {@link StudioError} `unreachable`, `timeout` or `unusable_answer` otherwise;
   * the signal's own reason when it aborts
   */
  call<Result>(call: Call<Result>, options: CallOptions): Promise<Result>;
  /** The raw answer of a call that streams; errors as in `call`. */
  stream(call: Omit<Call<unknown>, "answer">, options: CallOptions): Promise<Response>;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const LONGEST_ERROR_BYTES = 100_000;
/** A long list of runs comes to some MB. */
const LONGEST_ANSWER_BYTES = 32_000_000;

export function createTransport({ baseUrl, fetch, headers = {} }: TransportOptions): Transport {
  async function send(
    { method, path, body }: Omit<Call<unknown>, "answer">,
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(`${baseUrl}/${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      cache: "no-store",
      // The token must not travel on to another address.
      redirect: "manual",
    });
    if (response.ok) return response;
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      response.body?.cancel().catch(() => undefined);
      throw redirected(response.status);
    }
    throw refusal(response, (await textUpTo(response, LONGEST_ERROR_BYTES)).text);
  }

  async function sendOrExplain(
    call: Omit<Call<unknown>, "answer">,
    signal: AbortSignal,
  ): Promise<Response> {
    try {
      return await send(call, signal);
    } catch (error) {
      if (signal.aborted || error instanceof StudioError) throw error;
      throw connectionError(error);
    }
  }

  return {
    call: (call, { signal, timeoutMs = DEFAULT_TIMEOUT_MS }) =>
      withTimeLimit(timeoutMs, signal, async (limited) =>
        parseAnswer(call, await wholeText(call, await sendOrExplain(call, limited))),
      ),
    // The limit is over once the stream has begun; the caller's signal ends it at any time.
    stream: (call, { signal, timeoutMs = DEFAULT_TIMEOUT_MS }) => {
      const late = new AbortController();
      return withTimeLimit(timeoutMs, signal, (limited) => {
        limited.addEventListener("abort", () => late.abort(limited.reason), { once: true });
        return sendOrExplain(call, AbortSignal.any([signal, late.signal]));
      });
    },
  };
}

/** @throws {@link StudioError} `unreachable` when the connection breaks in mid-body, `unusable_answer` when it never ends */
export async function wholeText({ path }: { path: string }, response: Response): Promise<string> {
  const { text, isCut } = await textUpTo(response, LONGEST_ANSWER_BYTES).catch((error: unknown) => {
    throw connectionError(error);
  });
  if (!isCut) return text;
  const most = `${LONGEST_ANSWER_BYTES / 1_000_000} MB`;
  throw new StudioError("unusable_answer", `${nameOf(path)}: the answer is longer than ${most}`);
}

/** True when the server certainly did not act on the call, so that sending it again repeats nothing. */
export function wasNotSent(error: unknown): boolean {
  if (!(error instanceof StudioError)) return false;
  return (
    error.details?.["notSent"] === 1 ||
    (error instanceof WireError && (error.status === 429 || error.status === 425))
  );
}

/** @throws {@link StudioError} `unusable_answer`, with the field and what was expected there */
export function parseAnswer<Result>(
  call: Pick<Call<Result>, "path" | "answer">,
  text: string,
): Result {
  const value = text === "" ? null : jsonOf(text);
  const parsed = call.answer.safeParse(value);
  if (parsed.success) return parsed.data;
  if (value !== undefined) throw unusableAnswer(nameOf(call.path), parsed.error);
  const sentence = sentenceOfErrorBody(text.slice(0, LONGEST_ERROR_BYTES)).slice(0, 200);
  throw new StudioError("unusable_answer", `${nameOf(call.path)}: not JSON: ${sentence}`);
}

function nameOf(path: string): string {
  return path.split("?")[0] ?? "";
}

/** The call was answered, but not with what it has to answer. */
export function unusableAnswer(call: string, error: z.core.$ZodError): StudioError {
  const { field, message } = firstIssue(error);
  return new StudioError("unusable_answer", `${call}: ${field ? `${field}: ` : ""}${message}`);
}

/** What the studio's own routes answer when they fail; every other body is the training server's. */
const studioErrorBody = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.nullish(z.string()),
  cause: z.nullish(z.string()),
  notSent: z.nullish(z.boolean()),
});

function refusal(response: Response, body: string): WireError {
  const own = studioErrorBody.safeParse(jsonOf(body));
  const code = own.success ? own.data.code : codeOf(response.status, body);
  const sentence = own.success ? own.data.message : sentenceOfErrorBody(body);
  return new WireError(code, sentence || `HTTP ${response.status}`, {
    status: response.status,
    retryAfterMs: retryAfterMs(response.headers, Date.now()),
    retryable: response.status === 408 || response.status === 429 || response.status >= 500,
    details: {
      status: response.status,
      ...(own.success && own.data.notSent ? { notSent: 1 } : {}),
      ...(own.success && own.data.hint ? { hint: own.data.hint } : {}),
      ...(own.success && own.data.cause ? { cause: own.data.cause } : {}),
    },
  });
}

const CODES: Partial<Record<number, ErrorCode>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  405: "not_found",
  408: "timeout",
  409: "conflict",
  410: "not_found",
  413: "too_large",
  422: "bad_request",
  425: "rate_limited",
  429: "rate_limited",
};

function codeOf(status: number, body: string): ErrorCode {
  if (status === 404 && /\bmodel\b.{0,200}\bnot found\b/i.test(body)) return "model_gone";
  return CODES[status] ?? (status >= 500 ? "upstream_failed" : "bad_request");
}

function redirected(status: number): WireError {
  const sentence = "the server redirects to another address, which is not followed";
  return new WireError("not_a_training_server", sentence, { status, details: { status } });
}

/** Node's words for a connection that was never made. */
const NOT_CONNECTED: readonly unknown[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

function connectionError(cause: unknown): StudioError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const isNotSent =
    reason instanceof Error && "code" in reason && NOT_CONNECTED.includes(reason.code);
  return new StudioError("unreachable", reason instanceof Error ? reason.message : String(reason), {
    cause,
    retryable: true,
    details: isNotSent ? { notSent: 1 } : undefined,
  });
}
