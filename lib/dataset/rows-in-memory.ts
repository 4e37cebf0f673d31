import type { TokenRow, TokenRows } from "./types";

/** Token rows that are all at hand. Without `lines` the first row stands in line 1, and each in a line of its own. */
export function rowsInMemory(rows: readonly TokenRow[], lines?: readonly number[]): TokenRows {
  return {
    rowCount: rows.length,
    lengths: Int32Array.from(rows, (row) => row.tokens.length),
    trained: Int32Array.from(rows, (row) => row.weights.reduce((sum, weight) => sum + weight, 0)),
    lines: Int32Array.from(lines ?? rows.map((_, index) => index + 1)),
    read: (numbers) =>
      Promise.resolve(
        Array.from(numbers, (number) => {
          const row = rows[number];
          if (!row) throw new RangeError(`There is no row ${number}.`);
          return row;
        }),
      ),
  };
}
