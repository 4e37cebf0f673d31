import { isAbort, StudioError, type ErrorCode } from "@/lib/base/errors";
import { UsageError } from "./command";

/** How every command ends; docs/cli.md lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong arguments. */
  usage: 2,
  /** The training server cannot be reached, is none, or refuses the token. */
  server: 3,
  /** A dataset or a message file has problems. */
  data: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

const CODES: Partial<Record<ErrorCode, number>> = {
  unreachable: EXIT.server,
  timeout: EXIT.server,
  unauthorized: EXIT.server,
  forbidden: EXIT.server,
  not_a_training_server: EXIT.server,
  dataset_invalid: EXIT.data,
};

/** The exit code of what a command threw: by its own code, else by its cause's. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (isAbort(error)) return EXIT.interrupted;
  if (error instanceof StudioError) return CODES[error.code] ?? EXIT.failed;
  return error instanceof Error && error.cause !== undefined
    ? exitCodeOf(error.cause)
    : EXIT.failed;
}
