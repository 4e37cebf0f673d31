import { retrieveFutureRequest } from "@/lib/protocol/futures";

import { jsonText } from "../http/answers";
import { parseBody, type Route } from "../http/router";
import type { Services } from "../services";

export function futureRoutes({ futures }: Services): Route[] {
  return [
    {
      method: "POST",
      path: "retrieve_future",
      handle: async (call) => {
        const { request_id: id } = parseBody(call, retrieveFutureRequest);
        return jsonText(await futures.retrieve(call.owner, id, { signal: call.signal }));
      },
    },
  ];
}
