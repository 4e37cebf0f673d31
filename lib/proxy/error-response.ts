import { StudioError, type ErrorCode } from "@/lib/base/errors";
import type { ErrorBody } from "@/lib/config/studio-api";
import { jsonAnswer } from "./answers";

const CLIENT_CLOSED_REQUEST = 499;

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  hub_token_missing: 401,
  hub_token_refused: 401,
  forbidden: 403,
  hub_token_read_only: 403,
  not_found: 404,
  conflict: 409,
  other_server: 409,
  too_large: 413,
  dataset_invalid: 422,
  rate_limited: 429,
  upstream_failed: 502,
  unreachable: 502,
  hub_unreachable: 502,
  not_a_training_server: 502,
  unusable_answer: 502,
  timeout: 504,
};

/**
 * The one mapping from an error to an answer: `{code, message, hint, cause}`. What is not a
 * {@link StudioError} stays inside: the page learns that the studio failed, the log only the kind of error.
 */
export function errorResponse(error: unknown, signal: AbortSignal): Response {
  if (signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
  if (!(error instanceof StudioError)) {
    console.error(`studio: ${error instanceof Error ? error.name : typeof error}`);
    return answer(500, {
      code: "internal",
      message: "The studio's own server failed.",
      hint: null,
    });
  }
  const { hint, cause } = error.details ?? {};
  return answer(STATUS[error.code] ?? 500, {
    code: error.code,
    message: error.message,
    hint: typeof hint === "string" ? hint : null,
    ...(typeof cause === "string" ? { cause } : {}),
    ...(error.details?.["notSent"] ? { notSent: true } : {}),
  });
}

function answer(status: number, body: ErrorBody): Response {
  return jsonAnswer(body, { status });
}
