import type * as z from "zod/mini";

/** Why a schema refused a value: the field, in dots ("" for the whole value), and what was expected there; of a choice of forms, by the first one. */
export function firstIssue(error: z.core.$ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const inner = issue?.code === "invalid_union" ? issue.errors[0]?.[0] : undefined;
  return {
    field: [...(issue?.path ?? []), ...(inner?.path ?? [])].join("."),
    message: expectation(inner ?? issue),
  };
}

/** The small zod has no sentences of its own. */
function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_type") return `expected ${issue.expected}`;
  if (issue?.code === "invalid_value") return `expected ${issue.values.map(String).join(" or ")}`;
  return issue?.message ?? "unknown shape";
}
