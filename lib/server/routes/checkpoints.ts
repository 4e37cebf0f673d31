import { weightsInfoRequest } from "@/lib/protocol/checkpoints";
import {
  loadWeightsRequest,
  saveForSamplerRequest,
  saveWeightsRequest,
} from "@/lib/protocol/weights";

import { json } from "../http/answers";
import { refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { submitInOrder } from "../models/compute-calls";
import { loadInto, saveModel } from "../models/save-and-load";
import { checkpointPath, parseCheckpointPath } from "../runs/checkpoint-paths";
import type { StoredCheckpoint } from "../runs/run-store";
import type { Services } from "../services";

/** Saving, loading and describing weights. */
export function checkpointRoutes(services: Services): Route[] {
  const { runs, samplingSessions } = services;

  function find(owner: string, path: string, sentence: string): StoredCheckpoint {
    const checkpoint = runs.checkpointAt(owner, path);
    if (!checkpoint) throw refusal(404, sentence);
    return checkpoint;
  }

  return [
    {
      method: "POST",
      path: "save_weights",
      handle: (call) => {
        const request = parseBody(call, saveWeightsRequest);
        const compute = { name: "save_weights", modelId: request.model_id, seqId: request.seq_id };
        return submitInOrder(services, call, compute, (model) => async () => {
          const ref = await saveModel(services, model, "weights", request.path);
          return { path: checkpointPath(ref, call.pathScheme), type: "save_weights" };
        });
      },
    },
    {
      method: "POST",
      path: "save_weights_for_sampler",
      handle: (call) => {
        const request = parseBody(call, saveForSamplerRequest);
        const compute = {
          name: "save_weights_for_sampler",
          modelId: request.model_id,
          seqId: request.seq_id,
        };
        return submitInOrder(services, call, compute, (model) => async () => {
          const ref = await saveModel(services, model, "sampler_weights", request.path);
          const path = checkpointPath(ref, call.pathScheme);
          const { owner, sessionId, base } = model;
          const session = samplingSessions.open({
            owner,
            sessionId,
            baseModel: base.name,
            modelPath: path,
          });
          const isNameless = typeof request.sampling_session_seq_id === "number" && !request.path;
          return { path: isNameless ? null : path, sampling_session_id: session, type: null };
        });
      },
    },
    {
      method: "POST",
      path: "load_weights",
      handle: (call) => {
        const {
          model_id: modelId,
          path,
          optimizer,
          seq_id: seqId,
        } = parseBody(call, loadWeightsRequest);
        return submitInOrder(services, call, { name: "load_weights", modelId, seqId }, (model) => {
          if (!parseCheckpointPath(path)) {
            throw refusal(
              400,
              `path is "${path}"; this server loads its own checkpoints only: twinkle://RUN/weights/NAME.`,
            );
          }
          // Looked up in turn: a save that is still queued may be what makes the checkpoint.
          return () => {
            const checkpoint = find(
              call.owner,
              path,
              `Checkpoint not found or access denied: ${path}`,
            );
            loadInto(model, checkpoint, { withOptimizer: optimizer });
            return { path, type: "load_weights" };
          };
        });
      },
    },
    {
      method: "POST",
      path: "weights_info",
      handle: (call) => {
        const { tinker_path: path } = parseBody(call, weightsInfoRequest);
        const { facts } = find(call.owner, path, `Weights at ${path} not found`);
        return json({
          base_model: facts.baseModel,
          is_lora: true,
          lora_rank: facts.rank,
          train_unembed: false,
          train_mlp: true,
          train_attn: true,
        });
      },
    },
  ];
}
