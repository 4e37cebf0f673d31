import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiSession } from "../testing/api-session";
import { ServerProcesses } from "../testing/server-process";

/** No file above this size can be written, which the operating system reports much like a full disk. */
const LIMIT_KIB = 128;

let servers: ServerProcesses;
beforeAll(async () => {
  servers = await ServerProcesses.prepare();
});
afterAll(() => servers.dispose());

test("a full disk fails the save with a sentence, keeps what was saved, and the server goes on", async () => {
  const server = await servers.start([], `trap '' XFSZ; ulimit -f ${LIMIT_KIB}`);
  const api = new ApiSession(server.port);
  const [small, large] = [
    await api.model({ baseModel: "twinkle/tiny", rank: 8 }),
    await api.model({ baseModel: "twinkle/tiny", rank: 64 }),
  ];
  const save = (model: string) => api.compute("save_weights", { model_id: model, path: "kept" });
  const { path } = await save(small);
  await api.step(large);
  for (let attempt = 0; attempt < 2; attempt++)
    expect(await save(large)).toEqual({
      error: expect.stringContaining("The disk is full: nothing was saved") as string,
      category: "server",
    });

  expect((await api.get(`training_runs/${large}/checkpoints`)).body).toMatchObject({
    checkpoints: [],
  });
  await api.step(large);
  expect(await api.compute("load_weights", { model_id: small, path, optimizer: true })).toEqual({
    ...{ path, type: "load_weights" },
  });
  await server.kill();
});
