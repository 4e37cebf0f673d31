import { StudioError } from "@/lib/base/errors";
import { isRouteAbsent } from "@/lib/doctor/probe-routes";
import messages from "@/messages/en.json";
import { EXIT, exitCodeOf } from "./exit-codes";
import { problemLines } from "./problem-text";
import { UnusableRows } from "./unusable-rows";

/**
 * What went wrong, for people. Of a server that is away or refuses, its own words may be as few as `HTTP 401`.
 *
 * @param mostProblems - so many bad rows are told by their lines; the default is for reading
 */
export function errorText(error: unknown, mostProblems?: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UnusableRows)
    return [error.message, ...problemLines(error.problems, mostProblems)].join("\n");
  if (isRouteAbsent(error)) return `The server does not have the call for this: ${error.message}`;
  const isOfServer = error instanceof StudioError && exitCodeOf(error) === EXIT.server;
  return isOfServer ? `${messages.errors[error.code]} ${error.message}` : error.message;
}
