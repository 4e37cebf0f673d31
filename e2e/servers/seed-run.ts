import { randomUUID } from "node:crypto";

export interface SeededRun {
  /** The wanted name with an ending of its own, so that a second try finds no other run. */
  name: string;
  runId: string;
  /** Names of its training checkpoints, oldest first. */
  checkpoints: string[];
}

interface SeedOptions {
  name: string;
  /** Training checkpoints, one after each step. */
  saves: number;
  sampleKind?: "chat" | "completion";
  withSampler?: boolean;
}

const NO_TOKEN = "EMPTY_TOKEN";

/** Trains a run of a few steps straight on a server, as another client of it would. */
export async function seedRun(serverUrl: string, options: SeedOptions): Promise<SeededRun> {
  const post = (path: string, body: object) => callServer(serverUrl, "POST", path, body);
  const result = async (path: string, body: object) => {
    const { request_id: requestId } = await post(path, body);
    for (;;) {
      const answer = await post("retrieve_future", { request_id: requestId });
      if (answer["error"]) throw new Error(`${path}: ${JSON.stringify(answer["error"])}`);
      if (answer["type"] !== "try_again") return answer;
    }
  };

  const name = `${options.name} ${randomUUID().slice(0, 6)}`;
  const session = await post("create_session", { tags: [], user_metadata: {}, sdk_version: "e2e" });
  const model = await result("create_model", {
    ...{ session_id: session["session_id"], model_seq_id: 1, base_model: "twinkle/spark" },
    ...{ lora_config: { rank: 4 } },
    user_metadata: {
      studio: { name, sampleKind: options.sampleKind ?? "chat" },
    },
  });
  const modelId = String(model["model_id"]);
  const checkpoints: string[] = [];
  for (let step = 1; step <= options.saves; step++) {
    await result("forward_backward", {
      model_id: modelId,
      forward_backward_input: { data: [datumOf("hello there")], loss_fn: "cross_entropy" },
    });
    await result("optim_step", { model_id: modelId, adam_params: { learning_rate: 1e-4 } });
    const checkpoint = `epoch-${step}-step-${String(step).padStart(6, "0")}`;
    await result("save_weights", { model_id: modelId, path: checkpoint });
    checkpoints.push(checkpoint);
  }
  if (options.withSampler)
    await result("save_weights_for_sampler", { model_id: modelId, path: "for-sampling" });
  await result("unload_model", { model_id: modelId });
  return { name, runId: modelId, checkpoints };
}

/** Deletes a checkpoint behind the studio's back. */
export async function deleteBehind(serverUrl: string, runId: string, name: string): Promise<void> {
  await callServer(serverUrl, "DELETE", `training_runs/${runId}/checkpoints/weights/${name}`);
}

async function callServer(
  serverUrl: string,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${serverUrl}/api/v1/${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${NO_TOKEN}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
  return (JSON.parse(text) ?? {}) as Record<string, unknown>;
}

/** The built-in model's first 256 ids are bytes. */
function datumOf(text: string) {
  const tokens = [...new TextEncoder().encode(text)];
  const shape = [tokens.length - 1];
  return {
    model_input: { chunks: [{ type: "encoded_text", tokens: tokens.slice(0, -1) }] },
    loss_fn_inputs: {
      target_tokens: { data: tokens.slice(1), dtype: "int64", shape },
      weights: { data: tokens.slice(1).map(() => 1), dtype: "float32", shape },
    },
  };
}
