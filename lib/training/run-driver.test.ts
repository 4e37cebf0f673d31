import { expect, test } from "vitest";
import { StudioError } from "@/lib/base/errors";
import type { TokenRows } from "@/lib/dataset/types";
import { createModelRequest } from "@/lib/protocol/training";
import { createFastClock } from "@/lib/testing/fast-clock";
import { apiOver, aRun, numberedRows } from "@/lib/testing/run-builders";
import { ToyServer } from "@/lib/testing/toy-server";
import { createMemoryJournal } from "./memory-journal";
import { RunDriver } from "./run-driver";
import type { RunJournal } from "./journal";
import { readServerMetadata } from "./server-metadata";
import type { RunConfig, RunRecord } from "./types";

interface Scene {
  server: ToyServer;
  journal: RunJournal;
  rows: TokenRows;
  record: RunRecord;
}

function aScene(config: Partial<RunConfig> = {}, rows = numberedRows(10)): Scene {
  return {
    server: new ToyServer(),
    journal: createMemoryJournal(),
    rows,
    record: aRun(rows, config),
  };
}

function drive(
  { server, journal, rows, record }: Scene,
  signal = new AbortController().signal,
): RunDriver {
  const api = apiOver(server.fetch);
  return new RunDriver(record, {
    api,
    journal,
    clock: createFastClock(),
    rows,
    onUpdate: () => {},
    signal,
  }).start();
}

/** What the optimizer behind the last checkpoint has seen. */
function trainedOn({ server }: Scene, record: RunRecord) {
  return server.checkpoints.get(record.checkpoints.at(-1)?.path ?? "");
}

async function logCodes({ journal }: Scene): Promise<string[]> {
  return (await journal.history("run", { logEntries: 1000 })).log.map(({ code }) => code);
}

test("a run trains every step once, saves each epoch and frees its slot", async () => {
  const scene = aScene();
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "done", step: 8, error: null });
  expect(record.checkpoints.map(({ name, nextStep }) => [name, nextStep])).toEqual([
    ["epoch-1-step-000004", 4],
    ["epoch-2-step-000008", 8],
  ]);
  const applied = trainedOn(scene, record) ?? [];
  expect(applied).toHaveLength(8);
  expect(
    applied
      .slice(0, 4)
      .flatMap(({ rows }) => rows.flat())
      .sort((a, b) => a - b),
  ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(scene.server.models.size).toBe(0);
  const { steps } = await scene.journal.history("run", { logEntries: 0 });
  expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(steps[0]?.loss).toBeCloseTo(4);
  expect(steps[3]?.gradNorm).toBeCloseTo(1 / 4);
});

test("validates at each epoch's end and keeps the loss with its checkpoint", async () => {
  const scene = aScene({ validationShare: 0.2, saveEvery: { unit: "steps", steps: 2 } });
  const record = await drive(scene).done;
  const { validations } = await scene.journal.history("run", { logEntries: 0 });
  expect(validations.map(({ step }) => step)).toEqual([2, 3, 4, 6]);
  expect(
    record.checkpoints.map(({ nextStep, validationLoss }) => [nextStep, validationLoss]),
  ).toEqual(validations.filter(({ step }) => step !== 3).map(({ step, loss }) => [step, loss]));
});

test("never has more than submitAhead steps in flight beyond the awaited one", async () => {
  const scene = aScene({ submitAhead: 2, epochs: 6 });
  const { server } = scene;
  server.pendingPolls = 20;
  let inFlight = 0;
  let most = 0;
  server.fault = (path) => {
    if (path === "forward_backward") most = Math.max(most, (inFlight += 1));
    return "none";
  };
  const api = apiOver(server.fetch);
  const onUpdate = ({ steps }: { steps: readonly unknown[] }) => (inFlight -= steps.length);
  const { journal, rows, record } = scene;
  const signal = new AbortController().signal;
  await new RunDriver(record, {
    api,
    journal,
    clock: createFastClock(),
    rows,
    onUpdate,
    signal,
  }).start().done;
  expect(most).toBe(3);
});

test("numbers the requests of a model from 1 and sends each after the one before was acknowledged", async () => {
  const scene = aScene();
  await drive(scene).done;
  const numbers = scene.server.calls.flatMap(({ body }) =>
    body && typeof body === "object" && "seq_id" in body ? [body.seq_id] : [],
  );
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test("tells the server the run's name and config", async () => {
  const scene = aScene({ name: "Pig" });
  await drive(scene).done;
  const { body } = scene.server.calls.find(({ path }) => path === "create_model") ?? {};
  const { user_metadata: told } = createModelRequest.parse(body);
  // Twinkle keeps nothing but texts.
  expect(told).toEqual({ studio: expect.any(String) as string });
  expect(readServerMetadata(told ?? {})).toMatchObject({
    name: "Pig",
    datasetName: "rows.jsonl",
    sampleKind: "text",
  });
});

test("a paused run saves, frees its slot and goes on as if nothing had been", async () => {
  const whole = aScene();
  const scene = aScene();
  const driver = drive(scene);
  let isPaused = false;
  scene.server.fault = (path) => {
    if (path === "optim_step" && !isPaused && scene.server.countOf("optim_step") === 2) {
      isPaused = true;
      driver.pause();
    }
    return "none";
  };
  const paused = await driver.done;
  expect(paused.status).toBe("paused");
  expect(paused.checkpoints.at(-1)?.nextStep).toBe(paused.step);
  expect(scene.server.models.size).toBe(0);
  const done = await drive({ ...scene, record: paused }).done;
  expect(done.status).toBe("done");
  expect(done.resumes).toMatchObject([{ step: paused.step + 1 }]);
  expect(trainedOn(scene, done)).toEqual(trainedOn(whole, await drive(whole).done));
});

test("stopping without a save leaves no checkpoint and no model behind", async () => {
  const scene = aScene({ epochs: 50 });
  const driver = drive(scene);
  scene.server.fault = (path) => {
    if (path === "optim_step" && scene.server.countOf(path) === 2) driver.stop({ save: false });
    return "none";
  };
  expect(await driver.done).toMatchObject({ status: "stopped", checkpoints: [] });
  expect(scene.server.models.size).toBe(0);
});

test("stopping with a save keeps the weights of the last confirmed step", async () => {
  const scene = aScene({ epochs: 50 });
  const driver = drive(scene);
  scene.server.fault = (path) => {
    if (path === "optim_step" && scene.server.countOf(path) === 2) driver.stop({ save: true });
    return "none";
  };
  const record = await driver.done;
  expect(record.status).toBe("stopped");
  expect(trainedOn(scene, record)).toHaveLength(record.step);
});

test("weights for sampling are those of the step boundary, and training goes on", async () => {
  const scene = aScene({ epochs: 4 });
  const driver = drive(scene);
  let asked: Promise<string> | undefined;
  scene.server.fault = (path) => {
    if (path === "optim_step") asked ??= driver.saveForSampling();
    return "none";
  };
  const record = await driver.done;
  expect(record.status).toBe("done");
  const path = await asked;
  expect(path).toContain("/sampler_weights/sampling-");
  expect(scene.server.checkpoints.get(path ?? "")?.length).toBeGreaterThan(0);
  await expect(driver.saveForSampling()).rejects.toMatchObject({ code: "conflict" });
});

test("a lost answer to a training request is never sent again: the run falls back to its last checkpoint", async () => {
  const whole = aScene();
  const scene = aScene();
  let calls = 0;
  scene.server.fault = (path) =>
    path === "forward_backward" && (calls += 1) === 6 ? "cut" : "none";
  const record = await drive(scene).done;
  expect(await logCodes(scene)).toContain("fell_back");
  expect(trainedOn(scene, record)).toEqual(trainedOn(whole, await drive(whole).done));
});

test("a server that was restarted gets a new model and the last checkpoint", async () => {
  const whole = aScene();
  const scene = aScene();
  let calls = 0;
  scene.server.fault = (path) => (path === "optim_step" && (calls += 1) === 7 ? "restart" : "none");
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "done", step: 8 });
  expect(trainedOn(scene, record)).toEqual(trainedOn(whole, await drive(whole).done));
});

test("a request that never left is sent again, and the run says that it waits", async () => {
  const scene = aScene();
  let calls = 0;
  scene.server.fault = (path) => (path === "optim_step" && (calls += 1) <= 3 ? "drop" : "none");
  const record = await drive(scene).done;
  expect(record.status).toBe("done");
  expect(trainedOn(scene, record)).toHaveLength(8);
  expect(scene.server.countOf("create_model")).toBe(1);
  expect(await logCodes(scene)).toEqual(
    expect.arrayContaining(["connection_lost", "connection_back"]),
  );
});

test("what a rate limit rejected is sent again without a fall-back when nothing behind it ran", async () => {
  const scene = aScene({ submitAhead: 0 });
  let calls = 0;
  scene.server.fault = (path) =>
    path === "forward_backward" && (calls += 1) === 3 ? "limit" : "none";
  const record = await drive(scene).done;
  expect(record.status).toBe("done");
  expect(trainedOn(scene, record)).toHaveLength(8);
  expect(scene.server.countOf("create_model")).toBe(1);
  expect(await logCodes(scene)).toContain("rate_limited");
});

test("waits for a free slot", async () => {
  const scene = aScene();
  scene.server.slots = 0;
  scene.server.fault = (path) => {
    if (path === "create_model" && scene.server.countOf(path) === 3) scene.server.slots = 1;
    return "none";
  };
  expect(await drive(scene).done).toMatchObject({ status: "done", step: 8 });
  expect((await logCodes(scene)).filter((code) => code === "no_free_slot")).toHaveLength(1);
});

test("a loss that is not a number pauses the run without a save", async () => {
  const scene = aScene({ saveEvery: { unit: "steps", steps: 2 } });
  scene.server.lossAfter = (steps) => (steps === 5 ? Number.NaN : 1);
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "paused", step: 5, error: { code: "unusable_answer" } });
  expect(record.checkpoints.at(-1)?.nextStep).toBe(4);
});

test("a server that tells no loss trains a run to its end, and the run says so", async () => {
  const scene = aScene({ validationShare: 0.2 });
  scene.server.lossAfter = () => null;
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "done", lastLoss: null, lastValidationLoss: null });
  const { steps, validations } = await scene.journal.history("run", { logEntries: 100 });
  expect(steps).toHaveLength(record.step);
  expect(steps.map(({ loss }) => loss)).toEqual(steps.map(() => null));
  expect(validations).toEqual([]);
  expect((await logCodes(scene)).filter((code) => code === "no_loss_told")).toHaveLength(1);
});

test("a server that told losses and stops telling them pauses the run", async () => {
  const scene = aScene();
  scene.server.lossAfter = (steps) => (steps === 5 ? null : 1);
  expect(await drive(scene).done).toMatchObject({
    ...{ status: "paused", step: 5, error: { details: { reason: "loss" } } },
  });
});

/** A server that loads weights, but not the state of an optimizer. */
function refuseOptimizers({ server }: Scene): void {
  server.failure = (path, body) =>
    path === "load_weights" && (body as { optimizer: boolean }).optimizer
      ? "ValueError: loaded state dict contains a parameter group that doesn't match"
      : null;
}

test("optimizer state that does not fit ends the run with a reason; driven again, it goes on from the weights alone", async () => {
  const scene = aScene({ startFrom: { path: "twinkle://x/weights/a", optimizer: true } });
  scene.server.checkpoints.set("twinkle://x/weights/a", []);
  refuseOptimizers(scene);
  const failed = await drive(scene).done;
  expect(failed).toMatchObject({
    status: "failed",
    error: { code: "future_failed", details: { reason: "optimizer_state" } },
  });
  expect(failed.optimizerRefusedAt).toBeTypeOf("number");
  expect(await drive({ ...scene, record: failed }).done).toMatchObject({ status: "done", step: 8 });
  expect(await logCodes(scene)).toContain("weights_loaded_alone");
});

test("a run whose model is lost goes on in its middle from the weights alone where the optimizer state is refused", async () => {
  const scene = aScene();
  refuseOptimizers(scene);
  scene.server.fault = (path) =>
    path === "optim_step" && scene.server.countOf(path) === 6 ? "restart" : "none";
  const failed = await drive(scene).done;
  expect(failed).toMatchObject({ status: "failed", step: 4 });
  const done = await drive({ ...scene, record: failed }).done;
  expect(done).toMatchObject({ status: "done", step: 8, error: null });
  expect(trainedOn(scene, done)).toHaveLength(8);
});

test("a server that has lost its adapters is waited for, with a new model once it was started again", async () => {
  const scene = aScene();
  let isLost = false;
  let asked = 0;
  scene.server.failure = (path) => {
    if (path === "forward_backward" && scene.server.countOf(path) === 6) isLost = true;
    if (!isLost || (path !== "forward_backward" && path !== "create_model")) return null;
    return "ValueError: Adapter lora_0 not found.";
  };
  scene.server.fault = (path) => {
    if (!isLost || path !== "create_model" || (asked += 1) < 4) return "none";
    isLost = false;
    return "restart";
  };
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "done", step: 8 });
  expect(trainedOn(scene, record)).toHaveLength(8);
  expect((await logCodes(scene)).filter((code) => code === "adapters_lost")).toHaveLength(1);
});

test("a server that is started again may answer long before it serves the model", async () => {
  const scene = aScene();
  let absent = 0;
  scene.server.fault = (path) => {
    if (path === "optim_step" && scene.server.countOf(path) === 6) {
      absent = 5;
      return "restart";
    }
    return path === "create_model" && (absent -= 1) >= 0 ? "absent" : "none";
  };
  const record = await drive(scene).done;
  expect(record).toMatchObject({ status: "done", step: 8 });
  expect((await logCodes(scene)).filter((code) => code === "model_absent")).toHaveLength(1);
});

test("a model that the server has never served ends the run at once", async () => {
  const scene = aScene();
  scene.server.fault = (path) => (path === "create_model" ? "absent" : "none");
  expect(await drive(scene).done).toMatchObject({
    status: "failed",
    error: { code: "not_found" },
  });
  expect(scene.server.countOf("create_model")).toBe(1);
});

test("a step that fails every time ends the run after three fall-backs", async () => {
  const scene = aScene();
  let isBroken = false;
  scene.server.failure = (path) => {
    if (path === "optim_step" && scene.server.countOf(path) >= 6) isBroken = true;
    return isBroken && path === "forward_backward"
      ? "RuntimeError: index out of range in self"
      : null;
  };
  const record = await drive(scene).done;
  expect(record).toMatchObject({
    status: "failed",
    error: { code: "future_failed", message: "RuntimeError: index out of range in self" },
  });
  expect(scene.server.countOf("create_model")).toBe(4);
  expect(scene.server.models.size).toBe(0);
});

test("a save that fails is tried again under another name", async () => {
  const scene = aScene();
  let failures = 0;
  scene.server.failure = (path) =>
    path === "save_weights" && (failures += 1) <= 2 ? "OSError: No space left on device" : null;
  const record = await drive(scene).done;
  expect(record.status).toBe("done");
  expect(record.checkpoints.at(-1)).toMatchObject({ nextStep: 8 });
  expect(trainedOn(scene, record)).toHaveLength(8);
  expect(await logCodes(scene)).toContain("save_failed");
});

test("a token that the server refuses ends the run", async () => {
  const scene = aScene();
  const fetch = () => Promise.resolve(Response.json({ detail: "no" }, { status: 401 }));
  const { journal, rows, record } = scene;
  const signal = new AbortController().signal;
  const driver = new RunDriver(record, {
    api: apiOver(fetch),
    journal,
    clock: createFastClock(),
    rows,
    onUpdate: () => {},
    signal,
  });
  expect(await driver.start().done).toMatchObject({
    status: "failed",
    error: { code: "unauthorized" },
  });
});

test("rows other than those of the plan are refused", () => {
  const scene = aScene();
  expect(() => drive({ ...scene, rows: numberedRows(11) })).toThrow(
    "not the one that the run was planned on",
  );
});

test("a journal that cannot be written ends the run and frees its slot", async () => {
  const scene = aScene();
  let writes = 0;
  const journal: RunJournal = {
    ...scene.journal,
    write: (entry) =>
      (writes += 1) > 8
        ? Promise.reject(new StudioError("storage_full", "the quota is used up"))
        : scene.journal.write(entry),
  };
  expect(await drive({ ...scene, journal }).done).toMatchObject({
    status: "failed",
    error: { code: "storage_full" },
  });
  expect(scene.server.models.size).toBe(0);
});
