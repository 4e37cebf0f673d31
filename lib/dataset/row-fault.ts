import type { ProblemCode, RowProblem } from "./types";

/** What makes one row unusable: thrown from inside a row, caught where its line number is known. */
export class RowFault extends Error {
  override name = "RowFault";
  readonly code: ProblemCode;
  readonly params: RowProblem["params"];

  constructor(code: ProblemCode, params: RowProblem["params"] = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

/** The problem that a fault is on its line; any other error is thrown on. */
export function toProblem(error: unknown, line: number): RowProblem {
  if (!(error instanceof RowFault)) throw error;
  return { line, code: error.code, params: error.params };
}
