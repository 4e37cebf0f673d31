import type { Route } from "../http/router";
import type { Metrics } from "../metrics/metrics";

export function metricsRoutes({ contentType, text }: Metrics): Route[] {
  return [
    {
      method: "GET",
      path: "/metrics",
      handle: async () => ({ kind: "whole", status: 200, contentType, body: await text() }),
    },
  ];
}
