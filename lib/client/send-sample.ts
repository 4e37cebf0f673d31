import { WireError } from "@/lib/base/errors";
import type { FutureRef } from "@/lib/protocol/futures";
import type { SampleRequest } from "@/lib/protocol/sampling";
import { STUDIO_SESSION } from "@/lib/protocol/sessions";
import type { TrainingApi } from "./training-api";
import type { CallOptions } from "./transport";

export type SampleCalls = Pick<TrainingApi, "sample" | "createSession" | "createSamplingSession">;

/** Asks for a sample by model or path, and through a sampling session of its own where the server takes it in no other way. */
export async function sendSample(
  api: SampleCalls,
  request: SampleRequest,
  options: CallOptions,
): Promise<FutureRef> {
  try {
    return await api.sample(request, options);
  } catch (error) {
    if (!wantsSession(error)) throw error;
  }
  const { base_model, model_path, ...rest } = request;
  const { sessionId } = await api.createSession(STUDIO_SESSION, options);
  const { samplingSessionId } = await api.createSamplingSession(
    {
      ...{ sessionId, seqId: 0 },
      ...(model_path ? { modelPath: model_path } : base_model ? { baseModel: base_model } : {}),
    },
    options,
  );
  return api.sample({ ...rest, sampling_session_id: samplingSessionId, seq_id: 0 }, options);
}

/** The refusal of a body without a session. */
function wantsSession(error: unknown): boolean {
  return (
    error instanceof WireError &&
    (error.status === 400 || error.status === 422) &&
    error.message.includes("sampling_session")
  );
}
