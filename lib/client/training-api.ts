import * as z from "zod/mini";
import { isCheckpointPath } from "@/lib/base/checkpoint-path";
import { StudioError } from "@/lib/base/errors";
import {
  capabilitiesSchema,
  capacitySchema,
  modelListSchema,
  type LoraCapacity,
  type ServerCapabilities,
  type SupportedModel,
} from "@/lib/protocol/capabilities";
import {
  checkpointsAnswer,
  trainingRunAnswer,
  trainingRunsAnswer,
  weightsInfoAnswer,
  type Checkpoint,
  type TrainingRun,
  type TrainingRunsPage,
  type WeightsInfo,
} from "@/lib/protocol/checkpoints";
import { localModelsAnswer, type LocalModels } from "@/lib/protocol/local-models";
import { firstAnswer, type ComputeCall, type FutureRef } from "@/lib/protocol/futures";
import type { SampleRequest } from "@/lib/protocol/sampling";
import {
  createSamplingSessionAnswer,
  createSessionAnswer,
  type CreateSessionRequest,
} from "@/lib/protocol/sessions";
import type {
  CreateModelRequest,
  ForwardBackwardRequest,
  ForwardRequest,
  OptimStepRequest,
} from "@/lib/protocol/training";
import type { LoadWeightsRequest, SaveWeightsRequest } from "@/lib/protocol/weights";
import type { CallOptions, Transport } from "./transport";

const anything = z.unknown();
const LONGEST_POLL_MS = 330_000;
const LONGEST_PUBLISH_MS = 3_600_000;

/** One method per call of the training API; names and bodies are the protocol's. Errors: see {@link Transport}. */
export interface TrainingApi {
  health(options: CallOptions): Promise<unknown>;
  capabilities(options: CallOptions): Promise<ServerCapabilities>;
  models(options: CallOptions): Promise<SupportedModel[]>;
  capacity(options: CallOptions): Promise<LoraCapacity>;
  createSession(
    request: CreateSessionRequest,
    options: CallOptions,
  ): Promise<{ sessionId: string }>;
  heartbeat(sessionId: string, options: CallOptions): Promise<unknown>;
  createModel(request: CreateModelRequest, options: CallOptions): Promise<FutureRef>;
  forward(request: ForwardRequest, options: CallOptions): Promise<FutureRef>;
  forwardBackward(request: ForwardBackwardRequest, options: CallOptions): Promise<FutureRef>;
  optimStep(request: OptimStepRequest, options: CallOptions): Promise<FutureRef>;
  saveWeights(request: SaveWeightsRequest, options: CallOptions): Promise<FutureRef>;
  saveWeightsForSampler(request: SaveWeightsRequest, options: CallOptions): Promise<FutureRef>;
  /** Refuses what {@link isCheckpointPath} does, as `weightsInfo` does. */
  loadWeights(request: LoadWeightsRequest, options: CallOptions): Promise<FutureRef>;
  unloadModel(modelId: string, options: CallOptions): Promise<FutureRef>;
  weightsInfo(path: string, options: CallOptions): Promise<WeightsInfo>;
  createSamplingSession(
    request: { sessionId: string; seqId: number; baseModel?: string; modelPath?: string },
    options: CallOptions,
  ): Promise<{ samplingSessionId: string }>;
  sample(request: SampleRequest, options: CallOptions): Promise<FutureRef>;
  /** One look at a future, unparsed: {@link awaitFuture} knows what it can be. */
  retrieveFuture(requestId: string, options: CallOptions): Promise<unknown>;
  trainingRuns(
    page: { limit: number; offset: number },
    options: CallOptions,
  ): Promise<TrainingRunsPage>;
  trainingRun(runId: string, options: CallOptions): Promise<TrainingRun>;
  checkpoints(runId: string, options: CallOptions): Promise<Checkpoint[]>;
  /** `checkpointId` is `weights/NAME` or `sampler_weights/NAME`; any other form is refused, because servers take it for "all". */
  deleteCheckpoint(runId: string, checkpointId: string, options: CallOptions): Promise<unknown>;
  /** Resolves when the upload has ended. */
  publish(runId: string, checkpointId: string, options: CallOptions): Promise<unknown>;
  /** Only the local server answers it. */
  localModels(options: CallOptions): Promise<LocalModels>;
  /** Begins a download from the hubs, or goes on with one; resolves when it has begun. */
  startDownload(model: string, options: CallOptions): Promise<LocalModels>;
  /** Ends a download, or forgets that it failed. What came so far is kept by the server. */
  cancelDownload(model: string, options: CallOptions): Promise<LocalModels>;
}

export function createTrainingApi(transport: Transport): TrainingApi {
  const get = <Result>(path: string, answer: z.ZodMiniType<Result>, options: CallOptions) =>
    transport.call({ method: "GET", path, answer }, options);
  const post = <Result>(
    path: string,
    body: unknown,
    answer: z.ZodMiniType<Result>,
    options: CallOptions,
  ) => transport.call({ method: "POST", path, body, answer }, options);
  // A result that came at once is a future that need not be asked for.
  const results = new Map<string, unknown>();
  let resultCount = 0;
  const compute = async (
    call: ComputeCall,
    body: unknown,
    options: CallOptions,
  ): Promise<FutureRef> => {
    const answer = await post(call, body, firstAnswer(call), options);
    if (!("result" in answer)) return answer;
    const requestId = `at-once-${(resultCount += 1)}`;
    results.set(requestId, answer.result);
    return { requestId, modelId: null };
  };

  return {
    health: (options) => get("healthz", anything, options),
    capabilities: (options) => get("get_server_capabilities", capabilitiesSchema, options),
    models: (options) => get("models", modelListSchema, options),
    capacity: (options) => get("twinkle/capacity_info", capacitySchema, options),
    createSession: (request, options) =>
      post("create_session", request, createSessionAnswer, options),
    heartbeat: (sessionId, options) =>
      post("session_heartbeat", { session_id: sessionId }, anything, options),
    createModel: (request, options) => compute("create_model", request, options),
    forward: (request, options) => compute("forward", request, options),
    forwardBackward: (request, options) => compute("forward_backward", request, options),
    optimStep: (request, options) => compute("optim_step", request, options),
    saveWeights: (request, options) => compute("save_weights", request, options),
    saveWeightsForSampler: (request, options) =>
      compute("save_weights_for_sampler", request, options),
    loadWeights: async (request, options) =>
      compute("load_weights", { ...request, path: loadable(request.path) }, options),
    unloadModel: (modelId, options) => compute("unload_model", { model_id: modelId }, options),
    weightsInfo: async (path, options) =>
      post("weights_info", { tinker_path: loadable(path) }, weightsInfoAnswer, options),
    createSamplingSession: ({ sessionId, seqId, baseModel, modelPath }, options) =>
      post(
        "create_sampling_session",
        {
          session_id: sessionId,
          sampling_session_seq_id: seqId,
          base_model: baseModel,
          model_path: modelPath,
        },
        createSamplingSessionAnswer,
        options,
      ),
    sample: (request, options) => compute("asample", request, options),
    retrieveFuture: async (requestId, options) => {
      const result = results.get(requestId);
      if (results.delete(requestId)) return result;
      return post("retrieve_future", { request_id: requestId }, anything, {
        timeoutMs: LONGEST_POLL_MS,
        ...options,
      });
    },
    trainingRuns: ({ limit, offset }, options) =>
      get(`training_runs?limit=${limit}&offset=${offset}`, trainingRunsAnswer, options),
    trainingRun: (runId, options) => get(runPath(runId), trainingRunAnswer, options),
    checkpoints: (runId, options) =>
      get(`${runPath(runId)}/checkpoints`, checkpointsAnswer, options),
    deleteCheckpoint: async (runId, checkpointId, options) =>
      transport.call(
        { method: "DELETE", path: checkpointPath(runId, checkpointId), answer: anything },
        options,
      ),
    publish: async (runId, checkpointId, options) =>
      post(`${checkpointPath(runId, checkpointId)}/publish`, {}, anything, {
        timeoutMs: LONGEST_PUBLISH_MS,
        ...options,
      }),
    localModels: (options) => get("studio/models", localModelsAnswer, options),
    startDownload: (model, options) => post(downloadPath(model), {}, localModelsAnswer, options),
    cancelDownload: (model, options) =>
      transport.call(
        { method: "DELETE", path: downloadPath(model), answer: localModelsAnswer },
        options,
      ),
  };
}

function downloadPath(model: string): string {
  return `studio/models/${model.split("/").map(encodeURIComponent).join("/")}/download`;
}

function runPath(runId: string): string {
  return `training_runs/${encodeURIComponent(runId)}`;
}

function loadable(path: string): string {
  if (isCheckpointPath(path)) return path;
  throw new StudioError("bad_path", `not the path of a checkpoint: ${path}`);
}

function checkpointPath(runId: string, checkpointId: string): string {
  const [kind, name, ...rest] = checkpointId.split("/");
  if ((kind !== "weights" && kind !== "sampler_weights") || !name || rest.length > 0) {
    throw new StudioError("bad_request", `not a checkpoint id: ${checkpointId}`);
  }
  return `${runPath(runId)}/checkpoints/${kind}/${encodeURIComponent(name)}`;
}
