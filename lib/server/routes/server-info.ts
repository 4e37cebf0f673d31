import { json } from "../http/answers";
import type { Route } from "../http/router";
import type { Services } from "../services";

/** What the server is and what it can do. */
export function serverInfoRoutes({ catalog, models, live, clock }: Services): Route[] {
  const startedAt = Math.floor(clock.now() / 1000);
  return [
    { method: "GET", path: "healthz", handle: () => json({ status: "ok" }) },
    {
      method: "GET",
      path: "get_server_capabilities",
      handle: () => {
        catalog.rescan();
        return json({
          supported_models: [...models.values()].map(({ name, config, parameterCount }) => ({
            model_name: name,
            max_context_length: config.maxPositions,
            parameter_count: parameterCount,
          })),
          publish_takes_hub_token: true,
        });
      },
    },
    {
      method: "GET",
      path: "twinkle/capacity_info",
      handle: () =>
        json({
          max_loras: live.maxLoras,
          used_loras: live.usedLoras,
          free_loras: live.maxLoras - live.usedLoras,
        }),
    },
    {
      // What the official SDK reports about itself every 10 s; it repeats until it is taken. Not kept.
      method: "POST",
      path: "telemetry",
      handle: () => json({ status: "accepted" }),
    },
    {
      method: "GET",
      path: "models",
      handle: () =>
        json({
          object: "list",
          data: [...models.keys()].map((id) => ({
            id,
            object: "model",
            created: startedAt,
            owned_by: "local",
          })),
        }),
    },
  ];
}
