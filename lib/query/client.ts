import { QueryClient } from "@tanstack/react-query";
import { StudioError } from "@/lib/base/errors";

const RETRIES = 2;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < RETRIES && (!(error instanceof StudioError) || error.retryable),
      },
    },
  });
}
