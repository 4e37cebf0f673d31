import * as z from "zod/mini";
import { en } from "zod/locales";

// The small zod has no sentences of its own.
z.config(en());

/** Why a schema refused a value: the field, in dots ("" for the whole value), and a sentence; of a choice of forms, by the first one. */
export function firstIssue(error: z.core.$ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  if (issue?.code !== "invalid_union")
    return { field: path.join("."), message: issue?.message ?? "unknown shape" };
  const inner = issue.errors[0]?.[0];
  return {
    field: [...path, ...(inner?.path ?? [])].join("."),
    message: inner?.message ?? issue.message,
  };
}
