import * as z from "zod/mini";
import { retrieveFutureRequest } from "@/lib/protocol/futures";
import { forwardBackwardRequest, forwardRequest, optimStepRequest } from "@/lib/protocol/training";
import { saveWeightsRequest, loadWeightsRequest } from "@/lib/protocol/weights";

/** What the optimizer of a toy model has seen: each step's batches, by the first token of every row, and its learning rate. */
export interface AppliedStep {
  rows: number[][];
  learningRate: number;
}

interface ToyModel {
  applied: AppliedStep[];
  gradients: number[][];
}

/**
 * What goes wrong with a call: `drop` never reaches the server, `cut` is carried out but its answer is lost, `limit` is refused
 * for its rate, `restart` makes the server forget all models, sessions and futures first, `absent` finds no such call.
 */
export type Fault = "none" | "drop" | "cut" | "limit" | "restart" | "absent";

const RATE_LIMITED = {
  error: "Rate limit exceeded: RPS limit exceeded: 4/4.0 requests/s",
  category: "User",
};
const withModel = z.looseObject({ model_id: z.string() });

/**
 * A training server whose weights are the list of what was done to them, behind `fetch`. It keeps Twinkle's rules where they matter
 * to the loop: requests run in the order in which they arrive, and the same request sent twice runs twice.
 */
export class ToyServer {
  readonly models = new Map<string, ToyModel>();
  readonly checkpoints = new Map<string, AppliedStep[]>();
  readonly calls: { path: string; body: unknown }[] = [];
  /** Adapter slots; a model takes one until it is unloaded. */
  slots = 100;
  /** How often a future answers that it is still pending. */
  pendingPolls = 0;
  /** Asked before every call. */
  fault: (path: string) => Fault = () => "none";
  /** The loss that a batch gets, given how many steps the model has seen; null where none is told. */
  lossAfter: (steps: number) => number | null = (steps) => 4 / (1 + steps);
  /** Ends a future with this error, where it returns one. */
  failure: (path: string, body: unknown) => string | null = () => null;
  #futures = new Map<string, { result: unknown; pendingPolls: number }>();
  #sessions = new Set<string>();
  #ids = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    // A turn of the loop, as on a network: abort and other calls may come between.
    await new Promise((resolve) => setImmediate(resolve));
    init?.signal?.throwIfAborted();
    const path = new URL(input as string).pathname.slice(1);
    const fault = this.fault(path);
    if (fault === "restart") this.restart();
    if (fault === "drop")
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
      });
    const body: unknown = init?.body ? JSON.parse(init.body as string) : null;
    this.calls.push({ path, body });
    if (fault === "absent") return json({ detail: "Not Found" }, 404);
    const answer = fault === "limit" ? this.#future(RATE_LIMITED) : this.#answer(path, body);
    if (fault === "cut") throw new TypeError("fetch failed");
    return answer;
  };

  restart(): void {
    this.models.clear();
    this.#sessions.clear();
    this.#futures.clear();
  }

  countOf(path: string): number {
    return this.calls.filter((call) => call.path === path).length;
  }

  #answer(path: string, body: unknown): Response {
    switch (path) {
      case "create_session": {
        const sessionId = this.#newId("session");
        this.#sessions.add(sessionId);
        return json({ session_id: sessionId });
      }
      case "session_heartbeat": {
        const { session_id } = z.object({ session_id: z.string() }).parse(body);
        return this.#sessions.has(session_id) ? json({}) : json({ detail: "Unknown session" }, 404);
      }
      case "retrieve_future": {
        const { request_id } = retrieveFutureRequest.parse(body);
        const future = this.#futures.get(request_id);
        if (!future) return json({ detail: "unknown request" }, 404);
        const isPending = (future.pendingPolls -= 1) >= 0;
        return json(isPending ? { type: "try_again", queue_state: "active" } : future.result);
      }
      case "create_model": {
        if (this.models.size >= this.slots) {
          return this.#future({
            error: "RuntimeError: No lora available for tenant x. Max loras: 4",
            category: "server",
          });
        }
        const failure = this.failure(path, body);
        if (failure !== null) return this.#future({ error: failure, category: "server" });
        const modelId = this.#newId("model");
        this.models.set(modelId, { applied: [], gradients: [] });
        return this.#future({ model_id: modelId });
      }
      default:
        return this.#answerForModel(path, body);
    }
  }

  #answerForModel(path: string, body: unknown): Response {
    const { model_id: modelId } = withModel.parse(body);
    const model = this.models.get(modelId);
    if (!model) return json({ detail: `Model ${modelId} not found` }, 404);
    const failure = this.failure(path, body);
    if (failure !== null) return this.#future({ error: failure, category: "server" });
    return this.#future(this.#run(path, body, modelId, model));
  }

  #run(path: string, body: unknown, modelId: string, model: ToyModel): unknown {
    switch (path) {
      case "forward_backward": {
        const { data } = forwardBackwardRequest.parse(body).forward_backward_input;
        model.gradients.push(data.map((datum) => datum.model_input.chunks[0]?.tokens[0] ?? -1));
        return this.#outputs(data, model);
      }
      case "forward":
        return this.#outputs(forwardRequest.parse(body).forward_input.data, model);
      case "optim_step": {
        if (model.gradients.length === 0) {
          return {
            error:
              "No accumulated gradients for adapter=x; call forward_backward before optim_step",
            category: "server",
          };
        }
        const { learning_rate } = optimStepRequest.parse(body).adam_params;
        model.applied.push({ rows: model.gradients, learningRate: learning_rate });
        model.gradients = [];
        return { metrics: { grad_norm: 1 / model.applied.length, iters: 1 } };
      }
      case "save_weights":
      case "save_weights_for_sampler": {
        const { path: name } = saveWeightsRequest.parse(body);
        const saved = `twinkle://${modelId}/${path === "save_weights" ? "weights" : "sampler_weights"}/${name}`;
        this.checkpoints.set(saved, [...model.applied]);
        return { path: saved, sampling_session_id: null };
      }
      case "load_weights": {
        const { path: from } = loadWeightsRequest.parse(body);
        const applied = this.checkpoints.get(from);
        if (!applied)
          return { error: `Checkpoint not found or access denied: ${from}`, category: "user" };
        model.applied = [...applied];
        model.gradients = [];
        return { path: from };
      }
      case "unload_model":
        this.models.delete(modelId);
        return { model_id: modelId };
      default:
        throw new Error(`the toy server has no ${path}`);
    }
  }

  #outputs(data: { model_input: { chunks: { tokens: number[] }[] } }[], model: ToyModel): unknown {
    const loss = this.lossAfter(model.applied.length);
    if (loss === null) return { loss_fn_outputs: data.map(() => ({})), metrics: {} };
    const outputs = data.map(({ model_input }) => ({
      logprobs: { data: (model_input.chunks[0]?.tokens ?? []).map(() => -loss), dtype: "float32" },
    }));
    return { loss_fn_outputs: outputs, metrics: {} };
  }

  #future(result: unknown): Response {
    const requestId = this.#newId("req");
    this.#futures.set(requestId, { result, pendingPolls: this.pendingPolls });
    return json({ request_id: requestId, model_id: null });
  }

  #newId(kind: string): string {
    return `${kind}-${(this.#ids += 1)}`;
  }
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}
