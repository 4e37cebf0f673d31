import { createSessionRequest, heartbeatRequest } from "@/lib/protocol/sessions";

import { json } from "../http/answers";
import { parseBody, type Route } from "../http/router";
import type { Services } from "../services";

export function sessionRoutes({ sessions }: Services): Route[] {
  return [
    {
      method: "POST",
      path: "create_session",
      handle: (call) => {
        parseBody(call, createSessionRequest);
        return json({
          type: "create_session",
          info_message: null,
          warning_message: null,
          error_message: null,
          session_id: sessions.open(call.owner),
        });
      },
    },
    {
      method: "POST",
      path: "session_heartbeat",
      handle: (call) => {
        sessions.heartbeat(call.owner, parseBody(call, heartbeatRequest).session_id);
        return json({ type: "session_heartbeat" });
      },
    },
  ];
}
