import { createModelRequest, getInfoRequest, unloadModelRequest } from "@/lib/protocol/training";

import { json } from "../http/answers";
import { refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { submitInOrder } from "../models/compute-calls";
import { LORA_ALPHA, type LiveModel } from "../models/live-models";
import { readRank } from "../models/train-rows";
import { newRunId } from "../runs/checkpoint-paths";
import { runRecord } from "../runs/run-record";
import type { Services } from "../services";

/** Making, describing and unloading adapters. */
export function modelRoutes(services: Services): Route[] {
  const { clock, futures, live, models, newId, runs, sessions } = services;
  return [
    {
      method: "POST",
      path: "create_model",
      handle: (call) => {
        const request = parseBody(call, createModelRequest);
        sessions.require(call.owner, request.session_id);
        const base = models.get(request.base_model);
        if (!base) {
          const served = [...models.keys()].join(", ");
          throw refusal(
            400,
            `Base model '${request.base_model}' is not supported. Supported models: ${served}`,
          );
        }
        const rank = readRank(request.lora_config);
        const seed = request.lora_config?.seed ?? parseInt(newId().slice(0, 8), 16);

        const make = async (): Promise<LiveModel> => {
          const now = clock.now();
          const id = newRunId(base.name, now, newId());
          await base.engine.createAdapter(id, { rank, alpha: LORA_ALPHA, seed });
          const { owner } = call;
          return {
            ...{
              id,
              owner,
              sessionId: request.session_id,
              base,
              rank,
              createdAt: now,
              lastRequestAt: now,
            },
            userMetadata: request.user_metadata ?? null,
            ...{
              forwardCalls: 0,
              optimizerSteps: 0,
              pendingLosses: [],
              lastLoss: null,
              sent: new Map(),
            },
          };
        };
        const requestId = futures.submit(call.owner, async () => {
          const model = await live.add(make);
          runs.saveRun(call.owner, runRecord(model));
          return { model_id: model.id, type: "create_model" };
        });
        return json({ request_id: requestId, model_id: null });
      },
    },
    {
      method: "POST",
      path: "get_info",
      handle: (call) => {
        const { id, base, rank } = live.require(
          call.owner,
          parseBody(call, getInfoRequest).model_id,
        );
        return json({
          type: null,
          model_data: { arch: null, model_name: base.name, tokenizer_id: null },
          model_id: id,
          is_lora: true,
          lora_rank: rank,
          model_name: base.name,
        });
      },
    },
    {
      method: "POST",
      path: "unload_model",
      handle: (call) => {
        const { model_id: modelId } = parseBody(call, unloadModelRequest);
        return submitInOrder(
          services,
          call,
          { name: "unload_model", modelId, seqId: null },
          (model) => () => {
            unload(services, model);
            return Promise.resolve({ model_id: model.id, type: null });
          },
        );
      },
    },
  ];
}

/** Frees the adapter; run and checkpoints stay. Calls of the model that still wait will fail as not found. */
export function unload({ live, runs }: Services, model: LiveModel): void {
  live.remove(model.id);
  model.base.engine.dropAdapter(model.id);
  runs.saveRun(model.owner, runRecord(model));
}
