import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHubStandIn, type HubStandIn } from "@/lib/server/testing/hub-stand-in";
import { writeTinyModel } from "@/lib/server/testing/tiny-model";
import { main } from "../main";

let folder: string;
let hub: HubStandIn;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "cli-"));
  writeTinyModel(path.join(folder, "seed", "models", "test", "tiny"));
  hub = await startHubStandIn(["--seed", path.join(folder, "seed")]);
});
afterAll(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a command printed and how it ended. */
async function run(
  args: string[],
  { isTTY = false, signal = new AbortController().signal } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    env: { MODELSCOPE_ENDPOINT: hub.endpoint, HF_ENDPOINT: hub.endpoint },
    dataDir: path.join(folder, "data"),
    cwd: folder,
    signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { isTTY, write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test("a model that was added is listed, with one JSON value on stdout each time", async () => {
  const before = await run(["models", "--json", "--data-dir", "elsewhere"]);
  expect(JSON.parse(before.stdout)).toMatchObject([{ name: "twinkle/spark" }]);

  const added = await run(["models", "add", "test/tiny", "--json"]);
  const directory = path.join(folder, "data", "models", "test", "tiny");
  expect(added.code).toBe(0);
  expect(JSON.parse(added.stdout)).toEqual({ name: "test/tiny", directory });
  const { host } = new URL(hub.endpoint);
  expect(added.stderr).toMatch(new RegExp(`^test/tiny from ${host} .* kB of .* kB$`, "m"));

  const listed = await run(["models", "--json"]);
  expect(JSON.parse(listed.stdout)).toEqual([
    expect.objectContaining({ name: "twinkle/spark" }),
    { name: "test/tiny", directory, parameters: 9424, contextLength: 128 },
  ]);
  const again = await run(["models", "add", "test/tiny"]);
  expect(again).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("exists already") as string,
  });
});

test("a terminal sees one line with a bar", async () => {
  const { stderr } = await run(["models", "add", "test/tiny", "--data-dir", "terminal"], {
    isTTY: true,
  });
  expect(stderr.split("\n")).toHaveLength(2);
  expect(stderr).toContain(`[${"#".repeat(24)}]`);
});

test("what failed is a sentence on stderr, in JSON an error, and the exit code", async () => {
  const absent = await run(["models", "add", "test/none", "--json"]);
  expect(absent.code).toBe(1);
  expect(absent.stderr).toContain("test/none could not be downloaded.");
  expect(JSON.parse(absent.stdout)).toEqual({
    error: expect.stringContaining("test/none") as string,
  });

  const wrong = await run(["models", "remove"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toMatch(/"models remove" is not understood[^]*models add OWNER\/NAME/);
  expect((await run(["constructor"])).code).toBe(2);
  expect((await run(["models", "--colour"])).code).toBe(2);

  const signal = AbortSignal.abort();
  const interrupted = await run(["models", "add", "test/tiny", "--data-dir", "interrupted"], {
    signal,
  });
  expect(interrupted.code).toBe(130);
});
