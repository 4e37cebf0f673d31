import { createSessionRequest, heartbeatRequest } from "@/lib/protocol/sessions";

import { json } from "../http/answers";
import { readPage } from "../http/page";
import { parseBody, type Route } from "../http/router";
import type { Services } from "../services";

/** Who is alive, and what belongs to whom. */
export function sessionRoutes({ adapters, live, samplingSessions, sessions }: Services): Route[] {
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
    {
      method: "GET",
      path: "sessions",
      handle: ({ owner, query }) =>
        json({ sessions: readPage(query, 20).of(sessions.ofOwner(owner)) }),
    },
    {
      method: "GET",
      path: "sessions/{session}",
      handle: ({ owner, params: { session: id = "" } }) => {
        sessions.require(owner, id);
        return json({
          training_run_ids: live.ofSession(id).map((model) => model.id),
          sampler_ids: samplingSessions.ofSession(id),
        });
      },
    },
    {
      method: "GET",
      path: "samplers/{sampler}",
      handle: ({ owner, params: { sampler: id = "" } }) => {
        const { baseModel, modelPath } = samplingSessions.require(owner, id);
        const { model } = adapters.resolve(owner, baseModel, modelPath);
        return json({ sampler_id: id, base_model: model.name, model_path: modelPath });
      },
    },
  ];
}
