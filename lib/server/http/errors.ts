import { WireError, type ErrorCode } from "@/lib/base/errors";

/** What a client that is told to come later should wait at least. */
const RETRY_AFTER_MS = 1000;

const STATUS_CODES: Record<number, ErrorCode> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  410: "future_lost",
  413: "too_large",
  429: "rate_limited",
  507: "storage_full",
};

/** An error that becomes an HTTP answer with this status and sentence; inside a future, one of category `user`. */
export function refusal(status: number, sentence: string): WireError {
  const code = STATUS_CODES[status] ?? (status < 500 ? "bad_request" : "internal");
  const retryAfterMs = status === 429 || status === 503 ? RETRY_AFTER_MS : undefined;
  return new WireError(code, sentence, { status, retryAfterMs });
}

/** The status and the one sentence of any error. */
export function describeError(error: unknown): {
  status: number;
  sentence: string;
  retryAfterMs?: number | undefined;
} {
  if (error instanceof WireError)
    return {
      status: error.status,
      sentence: error.message,
      retryAfterMs: error.retryAfterMs,
    };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, sentence: `The local server failed: ${message}` };
}

/** The error object that OpenAI's clients expect. */
export function openAiError(status: number, message: string): { message: string; type: string } {
  return { message, type: status < 500 ? "invalid_request_error" : "server_error" };
}
