import { float32Tensor, int64Tensor, modelInputOf } from "@/lib/protocol/tensors";

/** Raw calls with one token, as any client would make them. */
export class ApiSession {
  readonly base: string;
  readonly headers: Record<string, string>;

  constructor(port: number, token = "token-a", headers: Record<string, string> = {}) {
    this.base = `http://127.0.0.1:${port}/api/v1`;
    this.headers = {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      ...headers,
    };
  }

  async get<T = unknown>(path: string): Promise<{ status: number; body: T }> {
    return this.call("GET", path);
  }

  async post<T = unknown>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    return this.call("POST", path, JSON.stringify(body));
  }

  async call<T = unknown>(
    method: string,
    path: string,
    body?: string,
  ): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.base}/${path}`, {
      method,
      headers: this.headers,
      ...(body ? { body } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : null) as T };
  }

  /** Posts a compute call and waits for its result. */
  async compute<T = Record<string, unknown>>(path: string, body: unknown): Promise<T> {
    const { status, body: future } = await this.post<{ request_id: string }>(path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(future)}`);
    return this.result<T>(future.request_id);
  }

  async result<T = Record<string, unknown>>(requestId: string): Promise<T> {
    for (;;) {
      const { body } = await this.post<{ type?: string }>("retrieve_future", {
        request_id: requestId,
      });
      if (body.type !== "try_again") return body as T;
    }
  }

  async session(): Promise<string> {
    const { body } = await this.post<{ session_id: string }>("create_session", {
      tags: [],
      sdk_version: "test",
    });
    return body.session_id;
  }

  /** A live model, in a new session unless one is given. */
  async model(
    options: { rank?: number; sessionId?: string; baseModel?: string } = {},
  ): Promise<string> {
    const { model_id: id } = await this.compute<{ model_id: string }>("create_model", {
      session_id: options.sessionId ?? (await this.session()),
      model_seq_id: 0,
      base_model: options.baseModel ?? "test/tiny",
      lora_config: { rank: options.rank ?? 4, seed: 1 },
      user_metadata: { name: "a run" },
    });
    return id;
  }

  /** One step on a fixed row; the loss of its forward_backward. */
  async step(modelId: string, learningRate = 0.01): Promise<number> {
    const trained = await this.compute<{ metrics: { "loss:avg": number } }>(
      "forward_backward",
      trainBody(modelId),
    );
    await this.compute("optim_step", {
      model_id: modelId,
      adam_params: { learning_rate: learningRate },
    });
    return trained.metrics["loss:avg"];
  }
}

/** One row that teaches bytes 1, 2, 3... as each other's followers. */
export function aDatum(length = 8): Record<string, unknown> {
  const tokens = Array.from({ length }, (_, index) => 65 + index);
  return {
    model_input: modelInputOf(tokens),
    loss_fn_inputs: {
      target_tokens: int64Tensor(tokens.map((token) => token + 1)),
      weights: float32Tensor(tokens.map(() => 1)),
    },
  };
}

export function trainBody(
  modelId: string,
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    model_id: modelId,
    forward_backward_input: { data: [aDatum(), aDatum(5)], loss_fn: "cross_entropy" },
    ...extra,
  };
}
