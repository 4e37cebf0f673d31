import { queryOptions, useQuery, type QueryClient } from "@tanstack/react-query";
import { systemClock } from "@/lib/base/clock";
import {
  FEATURES,
  featuresOfRoutes,
  type Feature,
  type ServerFeatures,
} from "@/lib/doctor/features";
import { FIRST_ROUTES, probeRoutes } from "@/lib/doctor/probe-routes";
import {
  findServer,
  knownFeatures,
  learnOfServer,
  type ServerFindings,
} from "@/lib/storage/servers";
import { SERVER_KEY } from "./server";
import { sessionQuery } from "./session";
import { trainingTransport } from "./studio-calls";

/** In the order in which they are shown. */
export const FEATURE_NAMES = FEATURES;

/**
 * What is known of the connected server. One that nothing is known of is asked for the calls that screens offer at once;
 * an examination asks for the rest.
 */
export function serverFeaturesQuery(serverId: string) {
  return queryOptions({
    queryKey: [...SERVER_KEY, "features", serverId],
    queryFn: async ({ signal }): Promise<ServerFeatures> => {
      if (!(await findServer(serverId))) await askFirst(serverId, signal);
      return knownFeatures(serverId);
    },
    networkMode: "always",
  });
}

/** The last examination of a server; null while there was none. */
export function lastReportQuery(serverId: string) {
  return queryOptions({
    queryKey: [...SERVER_KEY, "report", serverId],
    queryFn: async () => (await findServer(serverId))?.report ?? null,
    networkMode: "always",
  });
}

/** What is known of the connected server; nothing is asked as long as it is not wanted. */
export function useServerFeatures(isWanted = true): ServerFeatures {
  const serverId = useQuery(sessionQuery()).data?.serverId ?? "";
  const enabled = isWanted && serverId !== "";
  return useQuery({ ...serverFeaturesQuery(serverId), enabled }).data ?? {};
}

/** Whether the connected server is known to lack something; false for what is not known. */
export function useLacks(isWanted = true): (feature: Feature) => boolean {
  const features = useServerFeatures(isWanted);
  return (feature) => features[feature]?.has === false;
}

/** Keeps what was found out, and shows it. */
export async function learn(
  client: QueryClient,
  serverId: string,
  findings: ServerFindings,
): Promise<void> {
  await learnOfServer(serverId, findings);
  await Promise.all(
    [serverFeaturesQuery(serverId), lastReportQuery(serverId)].map(({ queryKey }) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
}

async function askFirst(serverId: string, signal: AbortSignal): Promise<void> {
  const routes = await probeRoutes(trainingTransport, { signal, routes: FIRST_ROUTES });
  const features = featuresOfRoutes(routes, systemClock.now());
  if (Object.keys(features).length > 0) await learnOfServer(serverId, { features });
}
