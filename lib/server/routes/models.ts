import { createModelRequest, getInfoRequest, unloadModelRequest } from "@/lib/protocol/training";

import { json } from "../http/answers";
import { refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { submitInOrder } from "../models/compute-calls";
import { freshModel, LORA_ALPHA, type LiveModel } from "../models/live-models";
import { readRank } from "../models/train-rows";
import { newRunId } from "../runs/checkpoint-paths";
import { runRecord } from "../runs/run-record";
import type { Services } from "../services";

/** Making, describing and unloading adapters. */
export function modelRoutes(services: Services): Route[] {
  const { clock, futures, live, models, newId, newSeed, runs, sessions } = services;
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
        const seed = request.lora_config?.seed ?? newSeed();

        const { owner } = call;
        const { session_id: sessionId, user_metadata: userMetadata = null } = request;

        const make = async (): Promise<LiveModel> => {
          const createdAt = clock.now();
          const id = newRunId(base.name, createdAt, newId());
          const model = freshModel({ id, owner, sessionId, base, rank, userMetadata, createdAt });
          const engine = await base.load();
          await engine.createAdapter(id, { rank, alpha: LORA_ALPHA, seed });
          await runs.saveRun(owner, runRecord(model)).catch((error: unknown) => {
            engine.dropAdapter(id);
            throw error;
          });
          return model;
        };
        const requestId = futures.submit(owner, async () => {
          const model = await live.add(make);
          if (!sessions.isOpen(owner, sessionId)) await unload(services, model);
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
          (model) => async () => {
            await unload(services, model);
            return { model_id: model.id, type: null };
          },
        );
      },
    },
  ];
}

/** Frees the adapter; run and checkpoints stay. Calls of the model that still wait will fail as not found. */
export async function unload({ live, runs }: Services, model: LiveModel): Promise<void> {
  live.remove(model.id);
  model.base.engine.dropAdapter(model.id);
  await runs.refreshRun(model.owner, runRecord(model));
}
