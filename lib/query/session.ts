import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { ConnectAnswer, HubAccount, SessionInfo } from "@/lib/config/studio-api";
import { HUB_KEY, hubAccountQuery } from "./hub";
import { SERVER_KEY } from "./server";
import { ownAnswer, studioRoutes, toTheEnd } from "./studio-calls";

export function sessionQuery() {
  return queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) =>
      studioRoutes.call(
        { method: "GET", path: "session", answer: ownAnswer<SessionInfo>() },
        { signal },
      ),
    staleTime: 60_000,
  });
}

/** Proves a server with its token and connects to it; what was known of the former server is forgotten. */
export function connectMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: (body: { serverUrl: string; token: string }) =>
      studioRoutes.call(
        { method: "POST", path: "session", body, answer: ownAnswer<ConnectAnswer>() },
        toTheEnd,
      ),
    onSuccess: (answer) => takeSession(client, answer),
  });
}

export function disconnectMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: () =>
      studioRoutes.call(
        { method: "DELETE", path: "session", answer: ownAnswer<SessionInfo>() },
        toTheEnd,
      ),
    onSuccess: (answer) => takeSession(client, answer),
  });
}

/** Keeps a ModelScope token for publishing, after the hub took it as one that may write. */
export function hubTokenMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: (token: string) =>
      studioRoutes.call(
        {
          method: "PUT",
          path: "session/hub-token",
          body: { token },
          answer: ownAnswer<SessionInfo & { account: HubAccount }>(),
        },
        toTheEnd,
      ),
    onSuccess: async ({ account, ...session }) => {
      client.setQueryData(sessionQuery().queryKey, session);
      await client.invalidateQueries({ queryKey: HUB_KEY });
      client.setQueryData(hubAccountQuery().queryKey, account);
    },
  });
}

function takeSession(client: QueryClient, session: SessionInfo): void {
  client.setQueryData(sessionQuery().queryKey, session);
  void client.resetQueries({ queryKey: SERVER_KEY });
}
