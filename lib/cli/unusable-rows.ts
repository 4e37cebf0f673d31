import { StudioError } from "@/lib/base/errors";
import type { RowProblem } from "@/lib/dataset/types";

/** The refusal of a dataset of which no row is left, with what is wrong with each. */
export class UnusableRows extends StudioError {
  readonly problems: readonly RowProblem[];

  constructor({ code, message, details }: StudioError, problems: readonly RowProblem[]) {
    super(code, message, { details });
    this.problems = problems;
  }
}
