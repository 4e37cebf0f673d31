import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

interface Scripts {
  ensureEngineNode: (tools: {
    say: (line: string) => void;
    host: Record<"arch" | "platform" | "version" | "execPath", string> & {
      env: Record<string, string>;
    };
  }) => Promise<{ command: string; flags: string[] }>;
}

const LINUX = { arch: "x64", platform: "linux", version: "v20.19.0", execPath: process.execPath };
const OWN = { command: process.execPath, flags: [] };
const SLOWER = "Without Node 24 training is slower; it runs on Node 20.19.0.";
const script = "../../scripts/studio/engine-node.mjs";
const { ensureEngineNode } = (await import(script)) as Scripts;

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), "engine-node-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

async function nodeOf(host: Partial<typeof LINUX>, env: Record<string, string> = {}) {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return { node: await ensureEngineNode({ say, host: { ...LINUX, ...host, env } }), said };
}

test("nothing is downloaded where no processor has wider vectors, nor where the own Node is asked for", async () => {
  expect(await nodeOf({ arch: "arm64" })).toEqual({ node: OWN, said: [] });
  expect(await nodeOf({ arch: "arm64", platform: "darwin" })).toEqual({ node: OWN, said: [] });
  expect(await nodeOf({}, { STUDIO_ENGINE_NODE: "own" })).toEqual({ node: OWN, said: [] });
  expect(readdirSync(cache)).toEqual([]);
});

test("without a network the own Node goes on, in one sentence, and nothing half-done stays", async () => {
  vi.stubEnv("npm_config_registry", "http://127.0.0.1:1");
  vi.stubEnv("npm_config_cache", path.join(cache, "npm"));
  const { node, said } = await nodeOf({});
  expect(node).toEqual(OWN);
  expect(said).toEqual([
    expect.stringMatching(
      /^Downloading Node 24[.\d]+ for the local server \(50 MB, once\) \.\.\.$/,
    ),
    SLOWER,
  ]);
  expect(readdirSync(path.join(cache, "twinkle-studio", "engine-node"))).toEqual([]);
});

test("where no Node is downloaded, and where one does not take the flag, the own one goes on", async () => {
  const mac = await nodeOf({ platform: "darwin" });
  expect(mac).toEqual({ node: OWN, said: [SLOWER] });
  const execPath = "/bin/false";
  const strange = await nodeOf({ version: "v99.0.0", execPath });
  expect(strange.node).toEqual({ command: execPath, flags: [] });
  expect(existsSync(path.join(cache, "twinkle-studio"))).toBe(false);
});
