import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forwardTrainingCall } from "@/lib/proxy/forward";
import type { Handler } from "@/lib/proxy/handle";
import { connect, disconnect, showSession } from "@/lib/proxy/session-routes";
import { TestStudio } from "@/lib/proxy/test-studio";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "@/lib/testing/scripted-upstream";
import { checkpointsQuery, deleteCheckpointMutation, trainingRunsQuery } from "./checkpoints";
import { capabilitiesQuery, capacityQuery, healthQuery } from "./server";
import { connectMutation, disconnectMutation, sessionQuery } from "./session";

const SESSION: Record<string, Handler> = { GET: showSession, POST: connect, DELETE: disconnect };
const RUNS = Array.from({ length: 230 }, (_, index) => ({
  training_run_id: `run-${index}`,
  base_model: "B",
}));

let server: ScriptedUpstream;
let studio: TestStudio;
let client: QueryClient;

beforeEach(async () => {
  server = await scriptedUpstream((request, response) => {
    const url = new URL(request.url ?? "", "http://server");
    const path = url.pathname.replace("/api/v1/", "");
    const [limit, offset] = ["limit", "offset"].map((name) => Number(url.searchParams.get(name)));
    if (path === "healthz") sendJson(response, { status: "ok" });
    else if (path === "get_server_capabilities")
      sendJson(response, { supported_models: [{ model_name: "a/b" }] });
    else if (path === "training_runs") {
      // A server that gives at most 50 a page, whatever is asked for.
      const page = RUNS.slice(offset, offset! + Math.min(limit!, 50));
      sendJson(response, { training_runs: page, cursor: { total_count: RUNS.length } });
    } else if (request.method === "DELETE") sendJson(response, null);
    else sendJson(response, { detail: "Not Found" }, 404);
  });
  studio = new TestStudio({ STUDIO_DEFAULT_SERVER: server.url, STUDIO_DEFAULT_IS_LOCAL: "1" });
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  vi.stubGlobal("fetch", (url: string, { method = "GET", body, signal }: RequestInit) => {
    const handler = url.startsWith("/api/training/") ? forwardTrainingCall : SESSION[method]!;
    return studio.call(handler, url, {
      method,
      ...(body ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  client.clear();
  await server.close();
});

test("all pages of a server's runs come as one list", async () => {
  const runs = await client.fetchQuery(trainingRunsQuery());
  expect(runs.map((run) => run.id)).toEqual(RUNS.map((run) => run.training_run_id));
});

test("free slots are null on a server that does not tell, and its health has a latency", async () => {
  expect(await client.fetchQuery(capacityQuery())).toBeNull();
  expect((await client.fetchQuery(healthQuery())).latencyMs).toBeGreaterThanOrEqual(0);
});

test("connecting proves the server and forgets what was known of the former one", async () => {
  await client.fetchQuery(capabilitiesQuery());
  expect(await client.fetchQuery(sessionQuery())).toMatchObject({
    isLocal: true,
    hasToken: false,
  });

  await new MutationObserver(client, connectMutation(client)).mutate({
    serverUrl: server.url,
    token: "ms-00000000",
  });
  expect(client.getQueryData(sessionQuery().queryKey)).toMatchObject({
    isLocal: true,
    hasToken: true,
  });
  expect(client.getQueryData(capabilitiesQuery().queryKey)).toBeUndefined();

  await new MutationObserver(client, disconnectMutation(client)).mutate();
  expect(client.getQueryData(sessionQuery().queryKey)).toMatchObject({ hasToken: false });
});

test("a refused connection keeps the session and says why with the route's own code", async () => {
  const attempt = new MutationObserver(client, connectMutation(client)).mutate({
    serverUrl: "nowhere",
    token: "",
  });
  await expect(attempt).rejects.toMatchObject({
    code: "bad_request",
    details: { hint: expect.any(String) as string },
  });
  expect(client.getQueryData(sessionQuery().queryKey)).toBeUndefined();
});

test("deleting a checkpoint makes the list of its run stale", async () => {
  client.setQueryData(checkpointsQuery("run-1").queryKey, []);
  await new MutationObserver(client, deleteCheckpointMutation(client)).mutate({
    runId: "run-1",
    checkpointId: "weights/a",
  });
  expect(server.seen.at(-1)).toMatchObject({
    method: "DELETE",
    path: "/api/v1/training_runs/run-1/checkpoints/weights/a",
  });
  expect(client.getQueryState(checkpointsQuery("run-1").queryKey)?.isInvalidated).toBe(true);
});
