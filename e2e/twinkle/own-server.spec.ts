import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { checkPlan } from "@/lib/server-config/check-plan";
import { DEFAULT_PLAN, samplersOf } from "@/lib/server-config/default-plan";
import { serverSetup } from "@/lib/server-config/server-setup";
import { BACKENDS, type ServerPlan } from "@/lib/server-config/types";
import { freePort } from "../servers/child";
import { ROOT } from "../servers/studio";
import { connect, expect, MODEL, MODEL_FOLDER, test } from "./fixtures";

const PYTHON = process.env["TWINKLE_PYTHON"] ?? "";
const run = promisify(execFile);

test("every configuration that the studio writes is read by the package, and makes sense to it", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "studio-configs-"));
  const plans = everyPlan();
  await Promise.all(
    plans.map((plan, index) =>
      writeFile(path.join(folder, `${index}.yaml`), serverSetup(plan).config),
    ),
  );
  const script = path.join(ROOT, "e2e", "twinkle", "check_configs.py");
  const { stdout } = await run(PYTHON, [script, folder], { cwd: folder, timeout: 120_000 });
  const found = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, object>;
  expect(plans.length).toBeGreaterThan(100);
  for (const [index, plan] of plans.entries())
    expect(found[index], JSON.stringify(plan)).toEqual({
      applications: expect.arrayContaining(["server", "model"]) as unknown,
      smallest_batch: serverSetup(plan).smallestBatch,
    });
  await rm(folder, { recursive: true });
});

test("a mock server starts from what the command wrote, and the studio connects to it", async ({
  page,
}) => {
  await withOwnServer(["--backend", "mock"], async (url) => {
    expect(await (await fetch(`${url}/api/v1/healthz`)).json()).toEqual({ status: "ok" });
    await connect(page, "own-mock", url);
    await expect(page.getByRole("region", { name: "The connected server" })).toContainText(MODEL);
  });
});

test("a server on the CPU starts from what the command wrote, and Doctor finds that it trains", async () => {
  const flags = ["--gpus", "0", "--source", MODEL_FOLDER];
  await withOwnServer(flags, async (url) => {
    const report = JSON.parse(await studio("doctor", "--server", url, "--json")) as {
      lines: { step: string; outcome: string }[];
    };
    expect(report.lines.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    const learned = report.lines.find(({ step }) => step === "loss");
    expect(learned?.outcome).toBe("ok");
  });
});

/** Every backend and sampler on one to five machines of zero to eight GPUs that gives a server at all. */
function everyPlan(): ServerPlan[] {
  const plans: ServerPlan[] = [];
  for (const backend of BACKENDS)
    for (const gpus of [0, 1, 2, 3, 4, 8])
      for (const machines of [1, 2, 5])
        for (const sampler of samplersOf(backend, gpus))
          for (const samplerGpus of sampler === "vllm" ? [1, 2, 8] : [1])
            for (const [tensorParallel, pipelineParallel] of [
              [1, 1],
              [2, 1],
              [2, 2],
            ] as const)
              plans.push({
                ...DEFAULT_PLAN,
                ...{ backend, sampler, gpus, machines, samplerGpus },
                ...{ tensorParallel, pipelineParallel, headAddress: "10.0.0.5" },
              });
  return plans.filter((plan) => checkPlan(plan).length === 0);
}

/** A Twinkle Server from the file that `server-config` writes, for as long as `use` takes. */
async function withOwnServer(
  flags: readonly string[],
  use: (url: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "studio-own-server-"));
  const port = String(await freePort());
  const script = path.join(ROOT, "e2e", "servers", "twinkle", "server.py");
  const server = (action: string, ...args: string[]) =>
    run(PYTHON, [script, action, "--port", port, "--state", folder, ...args], { timeout: 280_000 });
  await studio(
    ...["server-config", "--model", MODEL, "--port", port, ...flags],
    ...["--save-dir", path.join(folder, "checkpoints"), "--out", folder],
  );
  try {
    await server("start", "--config", path.join(folder, "server_config.yaml"));
    await use(`http://127.0.0.1:${port}`);
  } finally {
    await server("stop");
    await rm(folder, { recursive: true, force: true });
  }
}

async function studio(...args: string[]): Promise<string> {
  const script = path.join(ROOT, "scripts", "studio.mjs");
  const { stdout } = await run(process.execPath, [script, ...args], {
    cwd: ROOT,
    timeout: 200_000,
  });
  return stdout;
}
