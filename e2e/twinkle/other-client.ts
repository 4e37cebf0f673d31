import { MODEL } from "./fixtures";

type Answer = Record<string, unknown>;

const tensor = (data: number[], dtype: string) => ({ data, dtype, shape: [data.length] });
const DATUM = {
  model_input: { chunks: [{ type: "encoded_text", tokens: [11, 12, 13] }] },
  loss_fn_inputs: {
    target_tokens: tensor([12, 13, 14], "int64"),
    weights: tensor([1, 1, 1], "float32"),
  },
};

/** Another client of the server, which makes models and keeps them. */
export function client(url: string, token: string) {
  async function call(path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** What the request comes to. */
  async function done(path: string, body: object): Promise<Answer> {
    const { request_id } = await call(path, body);
    for (;;) {
      const answer = await call("retrieve_future", { request_id });
      if (answer["error"]) throw new Error(`${path}: ${JSON.stringify(answer["error"])}`);
      if (answer["type"] !== "try_again") return answer;
    }
  }

  async function model(): Promise<string> {
    const session = await call("create_session", { tags: [], user_metadata: {}, sdk_version: "1" });
    const made = await done("create_model", {
      ...{ session_id: session["session_id"], model_seq_id: 1, base_model: MODEL },
      lora_config: { rank: 4 },
    });
    return String(made["model_id"]);
  }

  /** A model of one step, saved under each of the names and unloaded; gives its run. */
  async function trainedModel(names: readonly string[]): Promise<string> {
    const model_id = await model();
    const forward_backward_input = { data: [DATUM], loss_fn: "cross_entropy" };
    await done("forward_backward", { model_id, forward_backward_input });
    await done("optim_step", { model_id, adam_params: {} });
    for (const path of names) await done("save_weights", { model_id, path });
    await done("unload_model", { model_id });
    return model_id;
  }

  const slots = async () => {
    const { max_loras, used_loras } = await call("twinkle/capacity_info");
    return { most: Number(max_loras), used: Number(used_loras) };
  };

  return { done, model, trainedModel, slots };
}
