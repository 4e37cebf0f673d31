import { expect, test, vi } from "vitest";
import { createFastClock } from "@/lib/testing/fast-clock";
import { aConfig, apiOver, numberedRows } from "@/lib/testing/run-builders";
import { ToyServer } from "@/lib/testing/toy-server";
import { createMemoryJournal } from "@/lib/training/memory-journal";
import type { TrainingMessage } from "./training-messages";
import { TrainingService } from "./training-service";

const SERVER = "http://toy";
const CHECKPOINT = "twinkle://x/weights/a";

/** A service whose browser knows of servers that refuse optimizer states, with the lock of a browser of one tab. */
function aService(refusals: Record<string, number>) {
  const server = new ToyServer();
  server.checkpoints.set(CHECKPOINT, []);
  const journal = createMemoryJournal();
  const posted: TrainingMessage[] = [];
  const service = new TrainingService({
    apiOf: (serverId) => apiOver(server.fetch, serverId),
    ...{ journal, clock: createFastClock() },
    openRows: () => Promise.resolve(numberedRows(10)),
    newKey: () => "run",
    lock: () => Promise.resolve(() => undefined),
    optimizerRefusedAt: (serverId) => Promise.resolve(refusals[serverId] ?? null),
    post: (message) => posted.push(message),
  });
  const statusOf = async () => (await journal.record("run"))?.status;
  const reach = (status: string) =>
    vi.waitFor(async () => expect(await statusOf()).toBe(status), { timeout: 5_000 });
  const loads = () =>
    server.calls.filter(({ path }) => path === "load_weights").map(({ body }) => body);
  return { service, server, journal, posted, statusOf, reach, loads };
}

const config = aConfig({ startFrom: { path: CHECKPOINT, optimizer: true } });

test("a run asks for no optimizer state on a server that is known to refuse it, and keeps that in its record", async () => {
  const { service, journal, posted, reach, loads } = aService({ [SERVER]: 7 });
  await service.answer({ id: 1, command: { type: "start", config, serverId: SERVER } });
  expect(posted[0]).toEqual({ type: "answer", id: 1, result: { text: "run" } });
  await reach("done");
  expect(loads()).toMatchObject([{ path: CHECKPOINT, optimizer: false }]);
  expect((await journal.record("run"))?.optimizerRefusedAt).toBe(7);
});

test("what is known of one server is not held against another", async () => {
  const { service, journal, reach, loads } = aService({ "http://other": 7 });
  await service.answer({ id: 1, command: { type: "start", config, serverId: SERVER } });
  await reach("done");
  expect(loads()).toMatchObject([{ path: CHECKPOINT, optimizer: true }]);
  expect((await journal.record("run"))?.optimizerRefusedAt).toBeUndefined();
});

test("a paused run that is resumed inherits what another run has found out meanwhile", async () => {
  const refusals: Record<string, number> = {};
  const { service, server, statusOf, reach, loads } = aService(refusals);
  server.lossAfter = (steps) => (steps === 2 ? Number.NaN : 1);
  await service.answer({ id: 1, command: { type: "start", config, serverId: SERVER } });
  await reach("paused");
  refusals[SERVER] = 7;
  server.lossAfter = () => 1;
  // While the service still lets go of the run, it does not take it up again.
  await vi.waitFor(async () => {
    await service.answer({ id: 2, command: { type: "resume", key: "run" } });
    expect(await statusOf()).toBe("done");
  }, 5_000);
  expect(loads()).toMatchObject([{ optimizer: true }, { optimizer: false }]);
});
