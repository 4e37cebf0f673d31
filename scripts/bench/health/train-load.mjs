/* A thread of its own, so that making the load does not slow the measuring. */
import { parentPort, workerData } from "node:worker_threads";

/** As many tokens as one call may have. */
const ROWS = 125;
const ROW_TOKENS = 128;

let isStopped = false;
parentPort.once("message", () => (isStopped = true));
const runs = [await startRun(workerData), await startRun(workerData)];
parentPort.postMessage("started");
const calls = await Promise.all(runs.map(trainUntilStopped));
parentPort.postMessage(calls.reduce((sum, count) => sum + count, 0));

async function startRun(base) {
  const post = async (call, body) => {
    const answer = await fetch(`${base}/${call}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const compute = async (call, body) => {
    const { request_id } = await post(call, body);
    for (;;) {
      const result = await post("retrieve_future", { request_id });
      if (result.error) throw new Error(`${call}: ${result.error}`);
      if (result.type !== "try_again") return result;
    }
  };
  const { session_id } = await post("create_session", { tags: [], sdk_version: "bench" });
  const { model_id } = await compute("create_model", {
    ...{ session_id, model_seq_id: 0, base_model: "twinkle/spark", lora_config: { rank: 16 } },
  });
  return { compute, model_id };
}

async function trainUntilStopped({ compute, model_id }) {
  const values = (make) => Array.from({ length: ROW_TOKENS }, (_, index) => make(index));
  const data = Array.from({ length: ROWS }, (_, row) => ({
    model_input: {
      chunks: [{ type: "encoded_text", tokens: values((t) => 5 + ((t * 7 + row) % 200)) }],
    },
    loss_fn_inputs: {
      target_tokens: { data: values((t) => 5 + ((t * 7 + row + 1) % 200)), dtype: "int64" },
      weights: { data: values(() => 1), dtype: "float32" },
    },
  }));
  let calls = 0;
  for (; !isStopped; calls++) {
    const batch = { model_id, forward_backward_input: { data, loss_fn: "cross_entropy" } };
    await compute("forward_backward", batch);
    await compute("optim_step", { model_id, adam_params: { learning_rate: 1e-3 } });
    if (calls % 3 === 0) await compute("save_weights", { model_id, path: "bench" });
  }
  return calls;
}
