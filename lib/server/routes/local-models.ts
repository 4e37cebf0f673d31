import { json, type Answer } from "../http/answers";
import { refusal } from "../http/errors";
import type { Call, Route } from "../http/router";
import type { Services } from "../services";

/** A real language model that is small enough to train on any processor. */
const SUGGESTED = ["HuggingFaceTB/SmolLM2-135M-Instruct"];

/** What is served, what cannot be and why, and downloads from the hubs. Only this server has these calls. */
export function localModelRoutes({ catalog, downloads }: Services): Route[] {
  const describe = (): Answer => {
    catalog.rescan();
    const { current } = downloads;
    return json({
      served: [...catalog.served.values()].map(({ name, state }) => ({ name, state })),
      refused: catalog.refused.map(({ name, reason }) => ({ name, reason })),
      download: current && {
        model: current.model,
        host: current.host,
        done_bytes: current.doneBytes,
        total_bytes: current.totalBytes,
        failure: current.failure,
      },
      suggested: SUGGESTED.filter((name) => !catalog.served.has(name)),
    });
  };
  const nameOf = ({ params: { owner, name } }: Call) => `${owner}/${name}`;
  const path = "studio/models/{owner}/{name}/download";

  return [
    { method: "GET", path: "studio/models", handle: describe },
    {
      method: "POST",
      path,
      handle: (call) => {
        const model = nameOf(call);
        if (catalog.served.has(model)) throw refusal(409, `${model} is served already.`);
        downloads.start(model);
        return describe();
      },
    },
    {
      method: "DELETE",
      path,
      handle: async (call) => {
        await downloads.cancel(nameOf(call));
        return describe();
      },
    },
  ];
}
