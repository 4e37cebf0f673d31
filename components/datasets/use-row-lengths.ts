import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { rowLengthsQuery } from "@/lib/query/dataset-rows";
import type { TokenSetRecord } from "@/lib/storage/types";

/** Tokens of all rows once they are counted, and the rows that are longer than the max length. */
export function useRowLengths(tokenSet: TokenSetRecord | undefined, maxLength: number | null) {
  const { data: lengths } = useQuery({
    ...rowLengthsQuery(tokenSet?.id ?? ""),
    enabled: tokenSet !== undefined,
  });
  const longRows = useMemo(() => {
    const rows: number[] = [];
    lengths?.forEach((length, row) => {
      if (maxLength !== null && length > maxLength) rows.push(row);
    });
    return rows;
  }, [lengths, maxLength]);
  return { lengths, longRows };
}
