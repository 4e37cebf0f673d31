import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { builtinModels, startLocalServer } from "./local-server";
import { parseServerOptions, USAGE, type ServerOptions } from "./options";

const DEFAULT_HUB = "https://www.modelscope.cn";
const EXIT_PORT_TAKEN = 2;

/** The local training server as a process of its own. */
async function main(): Promise<void> {
  const options = readOptions();
  const server = await startLocalServer({
    ...options,
    models: [...builtinModels(options.builtinDir), ...options.models],
    hubEndpoint: process.env["MODELSCOPE_ENDPOINT"] || DEFAULT_HUB,
    log: options.isVerbose
      ? (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
      : undefined,
  });
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= server.close().then(() => process.exit(0));
  };
  for (const event of ["SIGINT", "SIGTERM", "disconnect"]) process.on(event, close);
  process.stdout.write(`local server ready on http://127.0.0.1:${server.port}\n`);
}

function readOptions(): ServerOptions {
  try {
    return parseServerOptions(process.argv.slice(2), {
      dataDir: path.join(homedir(), ".twinkle-studio", "server"),
      builtinDir: builtinDir(),
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(1);
  }
}

/** Beside the source file; the bundle in `dist/server` finds it in the sources too. */
function builtinDir(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, "builtin");
  return existsSync(beside) ? beside : path.join(here, "..", "..", "lib", "server", "builtin");
}

main().catch((error: NodeJS.ErrnoException) => {
  if (error.code === "EADDRINUSE") {
    process.stderr.write("The port is taken by another program; choose one with --port.\n");
    process.exit(EXIT_PORT_TAKEN);
  }
  process.stderr.write(`The local server could not start: ${error.message}\n`);
  process.exit(1);
});
