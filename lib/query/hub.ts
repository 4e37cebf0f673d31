import { queryOptions } from "@tanstack/react-query";
import type { HubAccount, HubModel } from "@/lib/config/studio-api";
import { ownAnswer, studioRoutes } from "./studio-calls";

/** Begins every key that belongs to the hub. */
export const HUB_KEY = ["hub"] as const;

/** The account that publishing would use; fails with `hub_token_missing` and its kin. */
export function hubAccountQuery() {
  return queryOptions({
    queryKey: [...HUB_KEY, "account"],
    queryFn: ({ signal }) =>
      studioRoutes.call(
        { method: "GET", path: "hub/account", answer: ownAnswer<HubAccount>() },
        { signal },
      ),
    staleTime: 60_000,
    retry: false,
  });
}

/** @param id - `OWNER/NAME` */
export function hubModelQuery(id: string) {
  return queryOptions({
    queryKey: [...HUB_KEY, "models", id],
    queryFn: ({ signal }) =>
      studioRoutes.call(
        { method: "GET", path: `hub/models/${id}`, answer: ownAnswer<HubModel>() },
        { signal },
      ),
  });
}
