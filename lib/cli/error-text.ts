import { StudioError } from "@/lib/base/errors";
import { isRouteAbsent } from "@/lib/doctor/probe-routes";
import type { RowProblem } from "@/lib/dataset/types";
import messages from "@/messages/en.json";
import { EXIT, exitCodeOf } from "./exit-codes";
import { problemText } from "./problem-text";

/** What went wrong, for people. Of a server that is away or refuses, its own words may be as few as `HTTP 401`. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StudioError && error.details?.["cause"] === "no_usable_rows")
    return `${error.message}${firstProblem(error.details)}`;
  if (isRouteAbsent(error)) return `The server does not have the call for this: ${error.message}`;
  const isOfServer = error instanceof StudioError && exitCodeOf(error) === EXIT.server;
  return isOfServer ? `${messages.errors[error.code]} ${error.message}` : error.message;
}

/** By its line, where a row is what is wrong. */
function firstProblem(details: NonNullable<StudioError["details"]>): string {
  const { problem, line, ...params } = details;
  if (!problem) return "";
  return ` Line ${line}: ${problemText({ code: problem as RowProblem["code"], line: Number(line), params })}`;
}
