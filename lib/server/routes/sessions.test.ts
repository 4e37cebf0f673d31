import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { startTestServer, type TestServer } from "../testing/test-server";

let server: TestServer;
let api: ApiSession;

beforeAll(async () => {
  server = await startTestServer();
  api = new ApiSession(server.port);
});
afterAll(() => server.dispose());

test("the sessions of a token are listed newest first and page by page", async () => {
  const own = new ApiSession(server.port, "lister");
  const opened = [await own.session(), await own.session(), await own.session()];
  const newestFirst = opened.toReversed();
  expect((await own.get("sessions")).body).toEqual({ sessions: newestFirst });
  expect((await own.get("sessions?limit=1&offset=1")).body).toEqual({
    sessions: [newestFirst[1]],
  });
  expect((await own.get("sessions?limit=-1")).status).toBe(422);
});

test("a session names its models and samplers, and a sampler what it samples from", async () => {
  const sessionId = await api.session();
  const modelId = await api.model({ sessionId });
  const { path } = await api.compute<{ path: string }>("save_weights", { model_id: modelId });
  const { body: sampler } = await api.post<{ sampling_session_id: string }>(
    "create_sampling_session",
    { session_id: sessionId, sampling_session_seq_id: 0, model_path: path },
  );
  const id = sampler.sampling_session_id;
  expect((await api.get(`sessions/${sessionId}`)).body).toEqual({
    training_run_ids: [modelId],
    sampler_ids: [id],
  });
  expect((await api.get(`samplers/${id}`)).body).toEqual({
    sampler_id: id,
    base_model: "test/tiny",
    model_path: path,
  });
  const other = new ApiSession(server.port, "other");
  expect((await other.get(`sessions/${sessionId}`)).status).toBe(404);
  expect((await other.get(`samplers/${id}`)).status).toBe(404);
});
