import { forwardBackwardRequest, forwardRequest, optimStepRequest } from "@/lib/protocol/training";

import { refusal } from "../http/errors";
import { parseBody, type Route } from "../http/router";
import { readAdamParams } from "../models/adam-params";
import { submitInOrder } from "../models/compute-calls";
import type { LiveModel } from "../models/live-models";
import { forwardOutput, preferenceMetrics } from "../models/loss-outputs";
import { readTrainBatch } from "../models/train-rows";
import type { Services } from "../services";

/** forward, forward_backward and optim_step. */
export function trainingRoutes(services: Services): Route[] {
  const { clock } = services;
  return [
    {
      method: "POST",
      path: "forward",
      handle: (call) => {
        const request = parseBody(call, forwardRequest);
        const compute = { name: "forward", modelId: request.model_id, seqId: request.seq_id };
        return submitInOrder(services, call, compute, ({ id, base }) => {
          const batch = readTrainBatch(request.forward_input, base.engine.config);
          const adapter = batch.isWithoutAdapter ? null : id;
          // Positions without weight get no log probability. A call without any weight can want nothing else than
          // those: the SDK's forward_backward_custom asks that way.
          const isForLogprobs = batch.rows.every(({ weights }) => weights.every((w) => w === 0));
          const rows = isForLogprobs
            ? batch.rows.map((row) => ({ ...row, weights: row.weights.map(() => 1) }))
            : batch.rows;
          return async () => {
            const result = await base.engine.forward(adapter, rows, batch.loss, batch.config);
            return forwardOutput(batch, isForLogprobs ? { ...result, loss: 0 } : result);
          };
        });
      },
    },
    {
      method: "POST",
      path: "forward_backward",
      handle: (call) => {
        const request = parseBody(call, forwardBackwardRequest);
        const compute = {
          name: "forward_backward",
          modelId: request.model_id,
          seqId: request.seq_id,
        };
        return submitInOrder(services, call, compute, (model) => {
          const { engine } = model.base;
          const batch = readTrainBatch(request.forward_backward_input, engine.config);
          if (batch.isWithoutAdapter)
            throw refusal(
              400,
              "disable_lora works with forward only: there would be nothing to train.",
            );
          return async () => {
            const result = await engine.forwardBackward(
              model.id,
              batch.rows,
              batch.loss,
              batch.config,
            );
            model.base.tally.trainedTokens += batch.tokenCount;
            model.pendingLosses.push(result);
            model.forwardCalls++;
            return forwardOutput(batch, result);
          };
        });
      },
    },
    {
      method: "POST",
      path: "optim_step",
      handle: (call) => {
        const request = parseBody(call, optimStepRequest);
        const params = readAdamParams(request.adam_params);
        const compute = { name: "optim_step", modelId: request.model_id, seqId: request.seq_id };
        return submitInOrder(services, call, compute, (model) => async () => {
          const pending = model.pendingLosses;
          if (pending.length === 0) {
            throw refusal(
              409,
              `No accumulated gradients for ${model.id}; call forward_backward before optim_step.`,
            );
          }
          model.pendingLosses = [];
          const { gradNorm } = await model.base.engine.optimStep(model.id, params);
          model.optimizerSteps++;
          model.lastLoss = pending.reduce((sum, { loss }) => sum + loss, 0) / pending.length;
          return {
            metrics: {
              ...stepMetrics(model, gradNorm, params.learningRate, clock.now()),
              ...preferenceMetrics(pending.flatMap(({ pairs }) => pairs ?? [])),
            },
          };
        });
      },
    },
  ];
}

/** Named as on Twinkle, except that `grad_norm` is there without clipping too. */
function stepMetrics(
  { forwardCalls, createdAt, lastLoss }: LiveModel,
  gradNorm: number,
  learningRate: number,
  now: number,
): Record<string, number | null> {
  const seconds = (now - createdAt) / 1000;
  return {
    loss: lastLoss,
    grad_norm: gradNorm,
    "learning rate(param group 1)": learningRate,
    iters: forwardCalls,
    "total time elapse/seconds": seconds,
    "speed/iters/s": seconds > 0 ? forwardCalls / seconds : 0,
  };
}
