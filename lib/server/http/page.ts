import { refusal } from "./errors";

const MAX_LIMIT = 1000;

/** What a list call asks for, and the part of the list that answers it. */
export interface Page {
  offset: number;
  limit: number;
  of: <T>(all: readonly T[]) => T[];
}

/**
 * `limit` and `offset` of a list call.
 *
 * @throws WireError 422
 */
export function readPage(query: URLSearchParams, defaultLimit: number): Page {
  const limit = Math.min(MAX_LIMIT, wholeNumber(query, "limit", defaultLimit));
  const offset = wholeNumber(query, "offset", 0);
  return { offset, limit, of: (all) => all.slice(offset, offset + limit) };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text))
    throw refusal(422, `${name} is "${text.slice(0, 40)}"; use a whole number of at least 0.`);
  return Number(text);
}
