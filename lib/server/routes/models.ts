import { createModelRequest, getInfoRequest, unloadModelRequest } from "@/lib/protocol/training";

import type { Engine } from "../engine/engine";
import { json } from "../http/answers";
import { refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { submitInOrder } from "../models/compute-calls";
import { freshModel, LORA_ALPHA, type LiveModel } from "../models/live-models";
import { readRank } from "../models/train-rows";
import { newRunId } from "../runs/checkpoint-paths";
import { runRecord } from "../runs/run-record";
import { readUserMetadata } from "../runs/user-metadata";
import type { Services } from "../services";

/** Making, describing and unloading adapters. */
export function modelRoutes(services: Services): Route[] {
  const { clock, futures, live, memory, models, newId, newSeed, runs, sessions, turns } = services;
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
        const { session_id: sessionId } = request;
        const userMetadata = readUserMetadata(request.user_metadata);

        const create = async (engine: Engine) => {
          const createdAt = clock.now();
          const model = freshModel({
            ...{ owner, sessionId, base, rank, userMetadata, createdAt },
            id: newRunId(base.name, createdAt, newId()),
          });
          memory.makeRoom(model.bytes);
          await live.add(model, async () => {
            await engine.createAdapter(model.id, { rank, alpha: LORA_ALPHA, seed });
            await runs.saveRun(owner, runRecord(model)).catch((error: unknown) => {
              engine.dropAdapter(model.id);
              throw error;
            });
          });
          if (!sessions.isOpen(owner, sessionId)) await unload(services, model);
          return { model_id: model.id, type: "create_model" };
        };
        const requestId = futures.submit(owner, async () => {
          const engine = await base.load();
          return turns.run(sessionId, () => create(engine));
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
          { name: "unload_model", modelId, seqId: null, isWithoutWeights: true },
          (model) => async () => {
            await unload(services, model);
            return { model_id: model.id, type: null };
          },
        );
      },
    },
  ];
}

/** Frees the adapter, in the model's turn; run and checkpoints stay. Calls of the model that still wait will fail as not found. */
export async function unload({ live, residency, runs }: Services, model: LiveModel): Promise<void> {
  live.remove(model.id);
  await residency.drop(model);
  await runs.refreshRun(model.owner, runRecord(model));
}
