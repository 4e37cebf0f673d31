import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { ApiSession, trainBody } from "../testing/api-session";
import { createHandClock } from "../testing/hand-clock";
import { startTestServer, type TestServer } from "../testing/test-server";
import { ServedModel } from "./served-model";

const IDLE_MS = 60_000;

const onDisk = (server: TestServer) =>
  readdirSync(path.join(server.dataDir, "spilled", String(process.pid)));

/** A run whose every answer depends on weights, moments and accumulated gradients. */
async function trainWithPauses(api: ApiSession, pause: () => Promise<void>): Promise<unknown[]> {
  const id = await api.model({ rank: 5 });
  const adam = { model_id: id, adam_params: { learning_rate: 0.01 } };
  const answers: unknown[] = [];
  for (let step = 0; step < 3; step++) {
    for (const [path, body] of [
      ["forward_backward", trainBody(id)],
      ["forward_backward", trainBody(id)],
      ["optim_step", adam],
    ] as const) {
      await pause();
      const { metrics, ...rest } = await api.compute<{ metrics: Record<string, number> }>(
        path,
        body,
      );
      answers.push(rest, metrics["loss:avg"], metrics["loss"], metrics["grad_norm"]);
    }
  }
  await pause();
  answers.push(
    await api.compute("save_weights", { model_id: id, path: "end" }).then(() => "saved"),
  );
  return answers;
}

test("an adapter that is idle waits on disk, and no client can tell", async () => {
  const clock = createHandClock();
  const server = await startTestServer({ clock, adapterIdleMs: IDLE_MS, sessionTimeoutMs: 1e9 });
  try {
    const api = new ApiSession(server.port);
    const undisturbed = await trainWithPauses(api, () => Promise.resolve());
    const disturbed = await trainWithPauses(api, async () => {
      await clock.advance(IDLE_MS);
      await expect.poll(() => onDisk(server).length).toBeGreaterThan(0);
    });
    expect(disturbed).toEqual(undisturbed);
  } finally {
    await server.dispose();
  }
});

test("unloading an adapter that waits on disk leaves nothing there, nor does a server that was killed", async () => {
  const clock = createHandClock();
  const options = { clock, adapterIdleMs: IDLE_MS, sessionTimeoutMs: 1e9 };
  let server = await startTestServer(options);
  try {
    const api = new ApiSession(server.port);
    const id = await api.model();
    await clock.advance(IDLE_MS);
    await expect.poll(() => onDisk(server)).toEqual([id]);
    await api.compute("unload_model", { model_id: id });
    expect(onDisk(server)).toEqual([]);

    const foreign = path.join(server.dataDir, "spilled", "999999999");
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, "run"), "left behind");
    server = await server.restart();
    expect(readdirSync(path.dirname(foreign))).toEqual([String(process.pid)]);
  } finally {
    await server.dispose();
  }
});

test("adapters that do not fit together take turns in memory, and one that never fits is refused", async () => {
  const server = await startTestServer();
  const tiny = new ServedModel("test/tiny", path.join(server.folder, "tiny"), { threads: 1 });
  const maxMemoryBytes = tiny.bytes + 1.5 * tiny.adapterBytes(4).trained;
  const tight = await startTestServer({ maxMemoryBytes });
  try {
    const [roomy, narrow] = [new ApiSession(server.port), new ApiSession(tight.port)];
    const trainAll = async (api: ApiSession) => {
      const ids = [await api.model(), await api.model(), await api.model()];
      const losses: number[][] = [];
      for (let round = 0; round < 3; round++)
        losses.push(await Promise.all(ids.map((id) => api.step(id))));
      return losses;
    };
    expect(await trainAll(narrow)).toEqual(await trainAll(roomy));
    await expect.poll(() => onDisk(tight).length).toBe(2);

    const { body } = await narrow.post<{ request_id: string }>("create_model", {
      session_id: await narrow.session(),
      model_seq_id: 0,
      base_model: "test/tiny",
      lora_config: { rank: 64, seed: 1 },
    });
    expect(await narrow.result(body.request_id)).toEqual({
      error: expect.stringMatching(/^There is no room for \d+ MiB more: /) as string,
      category: "server",
    });
    expect((await narrow.get("twinkle/capacity_info")).body).toMatchObject({ used_loras: 3 });
  } finally {
    await Promise.all([server.dispose(), tight.dispose()]);
  }
});
