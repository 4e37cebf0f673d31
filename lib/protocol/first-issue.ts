import type * as z from "zod/mini";

/**
 * Why a schema refused a value: the field, in dots ("" for the whole value), and what was expected there, in the schema's own
 * words where it has some; of a choice of forms without, by the first one.
 */
export function firstIssue(error: z.core.$ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const isChoice = issue?.code === "invalid_union" && !hasWords(issue);
  const inner = isChoice ? issue.errors[0]?.[0] : undefined;
  return {
    field: [...(issue?.path ?? []), ...(inner?.path ?? [])].join("."),
    message: expectation(inner ?? issue),
  };
}

/** Zod's own sentences all begin alike; how they go on depends on which zod the process has loaded. */
function hasWords({ message }: z.core.$ZodIssue): boolean {
  return !/^Invalid (input|option)/.test(message);
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue && hasWords(issue)) return issue.message;
  if (issue?.code === "invalid_type") return `expected ${issue.expected}`;
  if (issue?.code === "invalid_value") return `expected ${issue.values.map(String).join(" or ")}`;
  return issue?.message ?? "unknown shape";
}
