import { expect, test } from "vitest";
import { createTrainingApi } from "@/lib/client/training-api";
import { createTransport } from "@/lib/client/transport";
import { scriptedUpstream, sendJson } from "@/lib/testing/scripted-upstream";
import { offeredModels, weightsInfo } from "./server-facts";

const options = { signal: new AbortController().signal };

test("where the server tells nothing of checkpoints, their run does; without both, nothing is known", async () => {
  const upstream = await scriptedUpstream((request, response) =>
    request.url === "/training_runs/r"
      ? sendJson(response, { training_run_id: "r", base_model: "a/b", lora_rank: 4 })
      : sendJson(response, { detail: "Not Found" }, 404),
  );
  const api = createTrainingApi(createTransport({ baseUrl: upstream.url, fetch }));
  expect(await weightsInfo(api, "tinker://r/weights/a", options)).toMatchObject({
    baseModel: "a/b",
    loraRank: 4,
  });
  expect(await weightsInfo(api, "tinker://s/weights/a", options)).toEqual({
    baseModel: null,
    loraRank: null,
  });
  expect(await offeredModels(api, options)).toEqual([]);
  await upstream.close();
});
