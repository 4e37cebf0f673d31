import type * as z from "zod/mini";

/**
 * Why a schema refused a value: the field, in dots ("" for the whole value), and what was expected there, in the schema's own
 * words where it has some; of a choice of forms without, by the first one.
 */
export function firstIssue(error: z.core.$ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const isChoice = issue?.code === "invalid_union" && issue.message === NO_WORDS;
  const inner = isChoice ? issue.errors[0]?.[0] : undefined;
  return {
    field: [...(issue?.path ?? []), ...(inner?.path ?? [])].join("."),
    message: expectation(inner ?? issue),
  };
}

/** What the small zod says, which has no sentences of its own. */
const NO_WORDS = "Invalid input";

function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue && issue.message !== NO_WORDS) return issue.message;
  if (issue?.code === "invalid_type") return `expected ${issue.expected}`;
  if (issue?.code === "invalid_value") return `expected ${issue.values.map(String).join(" or ")}`;
  return issue?.message ?? "unknown shape";
}
