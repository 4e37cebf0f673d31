import { afterAll, beforeAll, expect, test } from "vitest";

import { seededRandom } from "@/lib/base/random";

import { ApiSession } from "../testing/api-session";
import { ServerProcesses } from "../testing/server-process";
import { ownerOf } from "./owners";
import { RunStore } from "./run-store";

const KILLS = 30;
const LONGEST_LIFE_MS = 250;

let servers: ServerProcesses;
beforeAll(async () => {
  servers = await ServerProcesses.prepare();
});
afterAll(() => servers.dispose());

interface Listed {
  run: string;
  path: string;
}

async function listAll(api: ApiSession): Promise<Listed[]> {
  const { body } = await api.get<{ training_runs: { training_run_id: string }[] }>(
    "training_runs?limit=1000",
  );
  const lists = body.training_runs.map(async ({ training_run_id: run }) => {
    const of = await api.get<{ checkpoints: { tinker_path: string }[] }>(
      `training_runs/${run}/checkpoints`,
    );
    return of.body.checkpoints.map(({ tinker_path: path }) => ({ run, path }));
  });
  return (await Promise.all(lists)).flat();
}

test("nothing acknowledged is lost and nothing torn is listed, whenever the server is killed", async () => {
  const random = seededRandom(5);
  /** Optimizer steps that each acknowledged checkpoint holds at least: the same name is saved again and again. */
  const acknowledged = new Map<string, number>();
  const runs = new Set<string>();

  async function trainAndSave(api: ApiSession, onSaved: () => void): Promise<never> {
    const id = await api.model({ baseModel: "twinkle/tiny" });
    runs.add(id);
    for (let step = 1; ; step++) {
      await api.step(id);
      const save = { model_id: id, path: step % 3 === 0 ? `step-${step}` : "latest" };
      const { path } = await api.compute<{ path: string }>("save_weights", save);
      acknowledged.set(path, step);
      onSaved();
    }
  }

  async function check(api: ApiSession, isNew: (path: string) => boolean): Promise<void> {
    const listed = await listAll(api);
    const paths = listed.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([...acknowledged.keys()]));
    const id = await api.model({ baseModel: "twinkle/tiny" });
    for (const path of paths.filter(isNew)) {
      const load = { model_id: id, path, optimizer: true };
      expect(await api.compute("load_weights", load)).toEqual({ path, type: "load_weights" });
    }
    await api.compute("unload_model", { model_id: id });
  }

  let checked = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await servers.start();
    const api = new ApiSession(server.port);
    await check(api, (path) => !checked.has(path) || path.endsWith("/latest"));
    checked = new Set(acknowledged.keys());
    // Half of them the moment a save is acknowledged, the others whenever it happens to be.
    const isOnAnswer = kill % 2 === 0;
    const savesToLive = 1 + Math.floor(random() * 4);
    const lifeMs = random() * LONGEST_LIFE_MS;
    let saves = 0;
    const training = trainAndSave(api, () => {
      if (isOnAnswer && ++saves === savesToLive) server.child.kill("SIGKILL");
    });
    if (!isOnAnswer) setTimeout(() => server.child.kill("SIGKILL"), lifeMs);
    await expect(training).rejects.toThrow();
    await server.kill();
  }

  const last = await servers.start();
  const api = new ApiSession(last.port);
  await check(api, () => true);
  const { body } = await api.get<{ training_runs: { training_run_id: string }[] }>(
    "training_runs?limit=1000",
  );
  expect(body.training_runs.map(({ training_run_id: id }) => id)).toEqual(
    expect.arrayContaining([...runs]),
  );
  await last.kill();

  const store = new RunStore(servers.dataDir);
  const owner = ownerOf({ authorization: api.headers["Authorization"] });
  for (const [path, steps] of acknowledged)
    expect(store.checkpointAt(owner, path)?.facts.steps).toBeGreaterThanOrEqual(steps);
  expect(acknowledged.size).toBeGreaterThan(KILLS / 2);
}, 120_000);
