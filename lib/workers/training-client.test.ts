import { expect, test } from "vitest";
import { aConfig } from "@/lib/testing/run-builders";
import { TrainingClient } from "./training-client";
import type { TrainingMessage, TrainingRequest } from "./training-messages";

/** The page's end of a worker that does what a test tells it. */
class ScriptedWorker extends EventTarget {
  readonly requests: TrainingRequest[] = [];
  isTerminated = false;

  postMessage(request: TrainingRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: TrainingMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

function aClient() {
  const workers: ScriptedWorker[] = [];
  const client = new TrainingClient(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { client, workers };
}

test("answers come to the call that they belong to, errors with their code", async () => {
  const { client, workers } = aClient();
  const key = client.start(aConfig(), "http://server");
  const resumed = client.resume("other");
  workers[0]?.say({
    type: "answer",
    id: 2,
    result: { error: { code: "run_locked", message: "no", retryable: false } },
  });
  workers[0]?.say({ type: "answer", id: 1, result: { text: "key" } });
  expect(await key).toBe("key");
  await expect(resumed).rejects.toMatchObject({ code: "run_locked" });
  expect(workers).toHaveLength(1);
});

test.each(["error", "messageerror"])(
  "after %s every waiting call is settled and the next starts a new worker",
  async (type) => {
    const { client, workers } = aClient();
    const paused = client.pause("key");
    workers[0]?.dispatchEvent(new Event(type));
    await expect(paused).rejects.toMatchObject({ code: "worker_crashed" });
    expect(workers[0]?.isTerminated).toBe(true);
    expect(workers).toHaveLength(1);
    const again = client.pause("key");
    workers[1]?.say({ type: "answer", id: workers[1].requests[0]?.id ?? 0, result: { text: "" } });
    await again;
  },
);

test("a page that follows a run sees it through a new worker when the first one dies", () => {
  const { client, workers } = aClient();
  client.subscribe("key", () => {});
  workers[0]?.say({ type: "answer", id: 1, result: { text: "" } });
  workers[0]?.dispatchEvent(new Event("error"));
  expect(workers[1]?.requests.map(({ command }) => command)).toEqual([
    { type: "watch", key: "key" },
  ]);
});

test("updates reach all who follow the run, and the last to leave ends it", () => {
  const { client, workers } = aClient();
  const seen: string[] = [];
  const unfollow = ["a", "b"].map((name) => client.subscribe("key", () => seen.push(name)));
  const update = { key: "key" } as Extract<TrainingMessage, { type: "update" }>["update"];
  workers[0]?.say({ type: "update", update });
  unfollow[0]?.();
  workers[0]?.say({ type: "update", update });
  unfollow[1]?.();
  expect(seen).toEqual(["a", "b", "b"]);
  expect(workers[0]?.requests.map(({ command }) => command.type)).toEqual([
    "watch",
    "watch",
    "unwatch",
  ]);
});
