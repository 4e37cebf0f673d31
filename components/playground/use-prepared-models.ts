import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { turnEndQuery } from "@/lib/query/sampling";
import type { ModelChoice } from "@/lib/storage/conversation";

/** Loads the tokenizers before they are needed, so that the first answer does not wait for them. */
export function usePreparedModels(models: ModelChoice[]): void {
  const client = useQueryClient();
  const names = [...new Set(models.map(({ baseModel }) => baseModel))].join("\n");
  useEffect(() => {
    for (const name of names.split("\n")) void client.prefetchQuery(turnEndQuery(name));
  }, [client, names]);
}
