import { sampleRequest } from "@/lib/protocol/sampling";
import { createSamplingSessionRequest } from "@/lib/protocol/sessions";

import { json } from "../http/answers";
import { parseBody, type Route } from "../http/router";
import { readPrompt } from "../models/train-rows";
import { generate } from "../sampling/generate";
import { readAnswerCount, readSamplingParams, readTopCount } from "../sampling/sampling-params";
import type { Services } from "../services";

/** Sampling by token ids. */
export function samplingRoutes({
  adapters,
  futures,
  newSeed,
  sessions,
  samplingSessions,
  stopped,
}: Services): Route[] {
  return [
    {
      method: "POST",
      path: "create_sampling_session",
      handle: (call) => {
        const { owner } = call;
        const request = parseBody(call, createSamplingSessionRequest);
        sessions.require(owner, request.session_id);
        const [baseModel, modelPath] = [request.base_model ?? null, request.model_path ?? null];
        adapters.resolve(owner, baseModel, modelPath);
        const id = samplingSessions.open({
          owner,
          sessionId: request.session_id,
          baseModel,
          modelPath,
        });
        return json({ type: "create_sampling_session", sampling_session_id: id });
      },
    },
    {
      method: "POST",
      path: "asample",
      handle: (call) => {
        const request = parseBody(call, sampleRequest);
        const session = request.sampling_session_id
          ? samplingSessions.require(call.owner, request.sampling_session_id)
          : null;
        const source = adapters.resolve(
          call.owner,
          request.base_model ?? session?.baseModel ?? null,
          request.model_path ?? session?.modelPath ?? null,
        );
        const { model } = source;
        const prompt = readPrompt(request.prompt, model.config);
        const count = readAnswerCount("num_samples", request.num_samples);
        const params = readSamplingParams(request.sampling_params, {
          room: model.config.maxPositions - prompt.length,
          newSeed,
        });
        const withPromptLogprobs = request.prompt_logprobs === true;
        const topPromptLogprobs = readTopCount(
          "topk_prompt_logprobs",
          request.topk_prompt_logprobs,
        );

        const requestId = futures.submit(call.owner, () =>
          adapters.use(source, async (adapter) => {
            const result = await generate({
              ...{ model, adapter, prompt, params, count, withPromptLogprobs, topPromptLogprobs },
              signal: stopped,
            });
            return {
              sequences: result.sequences.map(({ tokens, logprobs, stopReason }) => ({
                stop_reason: stopReason,
                tokens,
                logprobs,
              })),
              type: "sample",
              prompt_logprobs: result.promptLogprobs ?? null,
              topk_prompt_logprobs: result.topPromptLogprobs ?? null,
            };
          }),
        );
        return json({ request_id: requestId, model_id: null });
      },
    },
  ];
}
