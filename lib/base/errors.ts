/** Every code that an error of the studio can carry; the message files hold a sentence for each (`errors.<code>`). */
export const ERROR_CODES = [
  "unauthorized",
  "forbidden",
  "not_found",
  "bad_request",
  "bad_path",
  "conflict",
  "other_server",
  "too_large",
  "rate_limited",
  "upstream_failed",
  "unreachable",
  "timeout",
  "not_a_training_server",
  "unusable_answer",
  "future_failed",
  "future_lost",
  "model_gone",
  "dataset_invalid",
  "tokenizer_unavailable",
  "template_invalid",
  "storage_full",
  "storage_failed",
  "run_locked",
  "worker_crashed",
  "unsupported_browser",
  "hub_token_missing",
  "hub_token_refused",
  "hub_token_read_only",
  "hub_unreachable",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface StudioErrorOptions {
  cause?: unknown;
  /** True when the same call may succeed later without a change by the user. */
  retryable?: boolean;
  /** Short facts for the sentence in the UI and for "Details": never a token, a prompt or a row. */
  details?: Record<string, string | number> | undefined;
}

/** The one root of all errors that the studio throws on purpose. */
export class StudioError extends Error {
  override name = "StudioError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Record<string, string | number> | undefined;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }
}

/** An answer of a training server that says no: carries the HTTP status (200 for a failed future). */
export class WireError extends StudioError {
  override name = "WireError";
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: StudioErrorOptions & { status: number; retryAfterMs?: number | undefined },
  ) {
    super(code, message, options);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The plain form of an error: crosses worker ports, the journal and the studio's own routes. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: Record<string, string | number> | undefined;
}

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof StudioError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      details: error.details,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message, retryable: false };
}

export function fromErrorReport(report: ErrorReport): StudioError {
  return new StudioError(report.code, report.message, {
    retryable: report.retryable,
    details: report.details,
  });
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException
    ? error.name === "AbortError"
    : error instanceof Error && error.name === "AbortError";
}
