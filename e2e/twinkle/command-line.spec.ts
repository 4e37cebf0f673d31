import type { DoctorReport } from "@/lib/doctor/types";
import { expect, MODEL, SERVER_URL, test as base } from "./fixtures";
import { ROWS, token } from "./journey";
import { fileOnHub } from "./on-hub";
import { client } from "./other-client";
import { withShell, type Shell } from "./shell";

interface Run {
  runId: string;
  steps: number;
  firstLoss: number;
  lastLoss: number;
  checkpoints: { path: string; step: number }[];
}
interface Sampled {
  answers: { tokens: number[]; stopReason: string }[];
}

const FIELDS = ["--base", MODEL, "--batch", "8"];
const GREEDY = ["--temperature", "0", "--max-tokens", "8"];

const test = base.extend<{ shell: Shell }>({
  shell: async ({ hub }, use) =>
    withShell(hub, async (shell) => {
      await shell.write("rows.jsonl", ROWS.map((row) => JSON.stringify(row)).join("\n"));
      await use(shell);
    }),
});

test("a file becomes a run that answers, goes on, is published and deleted, each by one command", async ({
  shell: { json, write },
  hub,
}) => {
  const kept = { serverUrl: SERVER_URL };
  const connected = await json("connect", SERVER_URL, "--token", hub.token);
  expect(connected).toEqual({ ...kept, models: [MODEL] });
  expect(await json("connect")).toEqual(kept);
  expect(await json("models")).toEqual([{ name: MODEL, contextLength: null }]);

  const train = ["train", "rows.jsonl", ...FIELDS, "--validation-percent", "10"];
  const run = await json<Run>(...train, "--epochs", "2");
  const loss = expect.any(Number);
  expect(run).toEqual({
    ...{ runId: expect.any(String), steps: 6 },
    ...{ firstLoss: loss, lastLoss: loss, valLoss: loss },
    checkpoints: [3, 6].map((step) => ({ path: expect.any(String), step })),
  });
  expect(run.lastLoss).toBeLessThan(run.firstLoss);
  const paths = run.checkpoints.map(({ path }) => path);
  const last = paths.at(-1)!;
  expect(await json("runs")).toContainEqual(
    expect.objectContaining({ id: run.runId, baseModel: MODEL }),
  );
  const listed = async (...of: string[]) =>
    (await json<{ path: string }[]>("checkpoints", ...of)).map(({ path }) => path);
  expect((await listed(run.runId)).sort()).toEqual([...paths].sort());
  expect(await listed()).toEqual(expect.arrayContaining(paths));

  await test.step("sample", async () => {
    const ask = ["sample", "--prompt", "Is number 4 even?", ...GREEDY];
    const tuned = await json<Sampled>(...ask, "--path", last);
    expect(tuned.answers[0]?.tokens.length).toBeGreaterThan(0);
    expect(await json(...ask, "--path", last)).toEqual(tuned);
    const ofBase = await json<Sampled>(...ask, "--base", MODEL);
    expect(ofBase.answers[0]?.tokens).not.toEqual(tuned.answers[0]?.tokens);

    await write("ask.json", JSON.stringify([{ role: "user", content: "Is number 4 even?" }]));
    const chat = ["sample", "--path", last, "--messages", "ask.json", "--max-tokens", "8"];
    expect((await json<Sampled>(...chat, "-n", "2")).answers).toHaveLength(2);
  });

  const resumed = await json<Run>(...train, "--epochs", "1", "--resume", last);
  expect(resumed.runId).not.toBe(run.runId);
  expect(resumed.firstLoss).toBeLessThan(run.firstLoss);

  await test.step("publish", async () => {
    const modelId = `${hub.user}/${run.runId}_${last.split("/").at(-1)}`;
    const published = { modelId, url: `${hub.url}/models/${modelId}`, isPrivate: true };
    expect(await json("publish", last)).toMatchObject({ ...published, cardAdded: true });
    const card = await fileOnHub(hub, modelId, "README.md");
    expect(card).toMatch(new RegExp(`^---\nbase_model: ${MODEL}\n`));
    expect(card).toContain("| LoRA rank |");
    expect(card).toContain("| Optimizer steps | `6` |");
    expect(card).toContain(`| Training loss | \`${run.lastLoss.toFixed(4)}\` |`);
    expect(await json("publish", last)).toMatchObject({ ...published, cardAdded: false });
  });

  const all = [...paths, ...resumed.checkpoints.map(({ path }) => path)];
  expect(await json("delete", ...all)).toEqual({ deleted: all });
  for (const { runId } of [run, resumed]) expect(await listed(runId)).toEqual([]);
  await expect(json("delete", last)).rejects.toMatchObject({ code: 1 });
});

test("Ctrl-C saves a checkpoint and frees the slot, and the same command goes on from there", async ({
  shell: { json, startTraining },
  hub,
}) => {
  const owner = token("interrupted");
  await json("connect", SERVER_URL, "--token", owner);
  const train = ["rows.jsonl", ...FIELDS, "--epochs", "6", "--save-every", "100"];
  const child = await startTraining(...train);
  await child.stop("SIGINT");
  expect(child.process.exitCode).toBe(130);
  const [left] = await json<{ id: string }[]>("runs");
  const saved = await json<{ run: string; path: string }[]>("checkpoints");
  expect(saved).toEqual([expect.objectContaining({ run: left?.id })]);
  const { done } = client(SERVER_URL, owner);
  await expect(done("optim_step", { model_id: left?.id, adam_params: {} })).rejects.toThrow("404");

  const whole = await json<Run>("train", ...train);
  expect(whole).toMatchObject({ steps: 18, checkpoints: [{ path: saved[0]?.path }, { step: 18 }] });
  expect(await json("train", ...train)).toEqual(whole);

  const paths = whole.checkpoints.map(({ path }) => path);
  await expect(json("publish", paths[0]!, "--hub-token", hub.token)).rejects.toMatchObject({
    code: 2,
    stdout: expect.stringContaining("let --token be your ModelScope token"),
  });
  await json("delete", ...paths);
  expect(await json("checkpoints")).toEqual([]);
});

test("doctor finds nothing failed, bench measures, and neither leaves a checkpoint", async ({
  shell: { json },
}) => {
  const server = ["--server", SERVER_URL, "--token", token("examined")];
  const { lines } = await json<DoctorReport>("doctor", ...server);
  expect(lines.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(lines.filter(({ outcome }) => outcome === "ok").length).toBeGreaterThanOrEqual(18);

  const size = { steps: 3, batch: 2, length: 32 };
  const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  expect(await json("bench", ...flags, ...server)).toMatchObject({
    ...size,
    baseModel: MODEL,
    msPerStep: expect.any(Number),
    clientCpuMsPerStep: expect.any(Number),
  });
  expect(await json("checkpoints", ...server)).toEqual([]);
});
