import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { int64Tensor } from "@/lib/protocol/tensors";

import { ApiSession, trainBody } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

const AT_ONCE_MS = 1000;
const RUNS_PER_ROUTE = 60;

let server: TestServer;
let api: ApiSession;
let valid: Record<string, unknown>;

beforeAll(async () => {
  server = await startTestServer({ longPollMs: 100, maxLoras: 1000 });
  api = new ApiSession(server.port);
  const session_id = await api.session();
  const model_id = await api.model({ sessionId: session_id });
  await api.step(model_id);
  const { path } = await api.compute<{ path: string }>("save_weights", { model_id, path: "a" });
  const prompt = { chunks: [{ type: "encoded_text", tokens: [65, 66] }] };
  const { forward_backward_input: forward_input } = trainBody(model_id);
  valid = {
    create_session: { tags: ["a"], sdk_version: "1", user_metadata: { a: 1 } },
    session_heartbeat: { session_id },
    create_model: {
      ...{ session_id, model_seq_id: 1, base_model: "test/tiny" },
      ...{ lora_config: { rank: 4, seed: 1 }, user_metadata: { name: "x" } },
    },
    get_info: { model_id },
    forward: { model_id, seq_id: 1, forward_input },
    forward_backward: trainBody(model_id, { seq_id: 1 }),
    optim_step: { model_id, seq_id: 2, adam_params: { learning_rate: 1e-3, grad_clip_norm: 1 } },
    save_weights: { model_id, path: "b", seq_id: 3 },
    save_weights_for_sampler: { model_id, path: "c", sampling_session_seq_id: 1 },
    load_weights: { model_id, path, optimizer: true },
    weights_info: { tinker_path: path },
    create_sampling_session: { session_id, sampling_session_seq_id: 1, model_path: path },
    asample: {
      ...{ prompt, num_samples: 2, base_model: "test/tiny", prompt_logprobs: true },
      sampling_params: {
        max_tokens: 3,
        temperature: 1,
        top_p: 0.9,
        top_k: 3,
        seed: 1,
        stop: ["a"],
      },
    },
    retrieve_future: { request_id: "req_x" },
    telemetry: { events: [] },
    "chat/completions": {
      ...{ model: "test/tiny", messages: [{ role: "user", content: "hi" }], max_tokens: 3 },
      ...{ n: 2, temperature: 0.5, stop: "x", stream: false },
    },
    unload_model: { model_id: "nobody" },
  };
});
afterAll(() => server.dispose());

/** Every place in a value, as keys from the outside in. */
function placesIn(value: unknown, at: string[] = []): string[][] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [at, ...inner.flatMap(([key, child]) => placesIn(child, [...at, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string, unknown>;
  const replaced = replaceAt(copy[key], rest, by);
  if (replaced === undefined) delete copy[key];
  else copy[key] = replaced;
  return copy;
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    undefined,
    null,
    -1,
    0,
    0.5,
    1e20,
    2 ** 31,
    2 ** 53,
    -0,
    "",
    "\0",
    "../..",
    [],
    {},
  ),
  fc.constantFrom([[]], [null], { chunks: [] }, { data: [], dtype: "int64" }, int64Tensor([1e9])),
  fc.string({ unit: "binary" }),
);

const ROUTES = [
  ...["create_session", "session_heartbeat", "create_model", "get_info", "unload_model"],
  ...["forward", "forward_backward", "optim_step"],
  ...["save_weights", "save_weights_for_sampler", "load_weights", "weights_info"],
  ...["create_sampling_session", "asample", "retrieve_future", "telemetry", "chat/completions"],
];

test.each(ROUTES)("%s answers whatever is sent, at once and never with 500", async (route) => {
  const body = valid[route];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...placesIn(body)), strange), {
        maxLength: 2,
        minLength: 1,
      }),
      async (changes) => {
        const sent = changes.reduce((value, [place, by]) => {
          const isThere = placesIn(value).some((known) => known.join() === place.join());
          return isThere ? replaceAt(value, place, by) : value;
        }, body);
        const startedAt = performance.now();
        const answer = await fetch(`${api.base}/${route}`, {
          ...{ method: "POST", headers: api.headers },
          body: JSON.stringify(sent) ?? "",
        });
        const text = await answer.text();
        expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS);
        expect(answer.status).toBeLessThan(500);
        const type = answer.headers.get("content-type") ?? "";
        if (!type.startsWith("text/event-stream")) {
          const value = JSON.parse(text) as Record<string, unknown>;
          const { request_id: id } = value;
          if (answer.status >= 400) expect(value["detail"] ?? value["error"]).toBeTruthy();
          // What was taken must end well, or as the caller's mistake.
          else if (typeof id === "string")
            expect(await api.result(id)).not.toMatchObject({ category: "server" });
        }
        expect((await api.get("healthz")).status).toBe(200);
      },
    ),
    { numRuns: RUNS_PER_ROUTE, seed: 11 },
  );
});

/** Telemetry is taken unread. */
const READ = ROUTES.filter((route) => route !== "telemetry");

test.each(READ)("%s answers bytes that are no JSON object", async (route) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (body) => {
      const sent = { method: "POST", headers: api.headers, body: Buffer.from(body) };
      const answer = await fetch(`${api.base}/${route}`, sent);
      expect(answer.status).toBe(422);
      expect(await answer.json()).toBeTruthy();
    }),
    { numRuns: 10, seed: 11 },
  );
});
