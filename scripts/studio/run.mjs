import fs from "node:fs";
import path from "node:path";
import { ensureEngineNode } from "./engine-node.mjs";
import { parseFlags, usage, UsageError } from "./flags.mjs";
import { ensurePackages } from "./install.mjs";
import { freePort, waitUntilAnswers } from "./ports.mjs";
import { ProcessGroup, whenOrphaned } from "./processes.mjs";
import { sessionSecret } from "./secret.mjs";

const SERVER_READY_MS = 60_000;
const STUDIO_READY_MS = 60_000;

/**
 * Starts the local server and the studio and stays until a signal ends both.
 *
 * @param {object} mode
 * @param {string} mode.root - folder of the project
 * @param {(tools: { say: (line: string) => void, keep: Function }) => Promise<void>} mode.prepare - after the packages are there
 * @param {string[]} mode.serverArgs - how to start the local server, without its flags
 * @param {string[]} mode.studioArgs - how to start Next, without its flags
 * @param {boolean} mode.showOutput - pass the children's output through
 */
export async function runStudio({ root, prepare, serverArgs, studioArgs, showOutput }) {
  const flags = readFlags();
  const say = (line) => console.log(line);
  const stopped = new AbortController();
  let builder = null;
  let exitCode = 0;
  const group = new ProcessGroup((name, how, tail) => {
    console.error(`The ${name} ended by itself (${how}).\n${tail}`);
    exitCode = 1;
    stopped.abort();
  });
  const onSignal = () => {
    builder?.kill("SIGTERM");
    stopped.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
  // A signal to npm alone ends npm's shell, which passes nothing on: that parent's end is the signal then.
  whenOrphaned(onSignal);
  const tools = { say, keep: (child) => (builder = child), signal: stopped.signal };

  try {
    await ensurePackages(root, tools);
    stopped.signal.throwIfAborted();
    await prepare(tools);
    stopped.signal.throwIfAborted();
    fs.mkdirSync(flags.dataDir, { recursive: true });

    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
    const serverUrl = flags.server ?? (await startServer());
    const port = await pickPort("studio", flags.port, []);
    say("Starting the studio ...");
    group.start("studio", [...studioArgs, "-H", "127.0.0.1", "-p", String(port)], {
      cwd: root,
      env: {
        ...env,
        SESSION_SECRET: process.env.SESSION_SECRET ?? sessionSecret(flags.dataDir),
        STUDIO_DEFAULT_SERVER: serverUrl,
        STUDIO_DEFAULT_IS_LOCAL: flags.server ? "0" : "1",
        STUDIO_DATA_DIR: flags.dataDir,
      },
      showOutput,
    });
    const address = `http://127.0.0.1:${port}`;
    await waitUntilAnswers(`${address}/api/session`, {
      timeoutMs: STUDIO_READY_MS,
      signal: stopped.signal,
    });
    say(`Twinkle Studio is ready: ${address}`);
    await new Promise((resolve) =>
      stopped.signal.addEventListener("abort", resolve, { once: true }),
    );

    async function startServer() {
      const node = await ensureEngineNode(tools);
      const serverPort = await pickPort("local server", flags.serverPort, [flags.port]);
      say("Starting the local training server ...");
      group.start(
        "local server",
        [
          ...serverArgs,
          ...["--port", String(serverPort), "--data-dir", path.join(flags.dataDir, "server")],
          ...["--models-dir", path.join(flags.dataDir, "models")],
          ...flags.models.flatMap((model) => ["--model", model]),
        ],
        { node, cwd: root, env, showOutput },
      );
      const url = `http://127.0.0.1:${serverPort}`;
      await waitUntilAnswers(`${url}/api/v1/healthz`, {
        timeoutMs: SERVER_READY_MS,
        signal: stopped.signal,
      });
      for (const { name, reason } of await refusedModels(url))
        say(`${name} is not served: ${reason}`);
      return url;
    }

    async function pickPort(what, wanted, taken) {
      const port = await freePort(wanted, taken);
      if (port !== wanted) say(`Port ${wanted} is taken; the ${what} uses ${port}.`);
      return port;
    }
  } catch (error) {
    if (!stopped.signal.aborted) {
      console.error(error.message);
      exitCode = 1;
    }
  }
  await group.stop();
  process.exit(exitCode);
}

/** Model folders that the local server cannot serve. */
async function refusedModels(url) {
  const answer = await fetch(`${url}/api/v1/studio/models`);
  return answer.ok ? (await answer.json()).refused : [];
}

function readFlags() {
  try {
    const flags = parseFlags(process.argv.slice(2));
    if (!flags.wantsHelp) return flags;
    console.log(usage());
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
