import { StudioError } from "@/lib/base/errors";
import messages from "@/messages/en.json";
import { EXIT, exitCodeOf } from "./exit-codes";

/** What went wrong, for people. Of a server that is away or refuses, its own words may be as few as `HTTP 401`. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOfServer = error instanceof StudioError && exitCodeOf(error) === EXIT.server;
  return isOfServer ? `${messages.errors[error.code]} ${error.message}` : error.message;
}
