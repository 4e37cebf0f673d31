import { homedir } from "node:os";
import path from "node:path";

import { hubEndpoints } from "./downloads/model-hubs";
import { startLocalServer } from "./local-server";
import { builtinFolder, builtinModels } from "./models/builtin-models";
import { parseServerOptions, USAGE, type ServerOptions } from "./options";
import { runtime } from "./runtime";

const EXIT_PORT_TAKEN = 2;

const options = readOptions();
try {
  await serve(options);
} catch (error) {
  const isPortTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  process.stderr.write(
    isPortTaken
      ? `Port ${options.port} is taken by another program; choose one with --port.\n`
      : `The local server could not start: ${(error as Error).message}\n`,
  );
  process.exit(isPortTaken ? EXIT_PORT_TAKEN : 1);
}

async function serve({ builtinDir, models, isVerbose, ...settings }: ServerOptions): Promise<void> {
  const server = await startLocalServer({
    ...settings,
    models: [...builtinModels(builtinDir), ...models],
    ...hubEndpoints(process.env),
    warn: (sentence) => process.stderr.write(`${sentence}\n`),
    note: (sentence) => process.stdout.write(`${sentence}\n`),
    ...(isVerbose
      ? { onAnswered: (line) => process.stdout.write(`${JSON.stringify(line)}\n`) }
      : {}),
  });
  let isClosing = false;
  const close = () => {
    if (isClosing) return;
    isClosing = true;
    void server.close().finally(() => process.exit(0));
  };
  for (const event of ["SIGINT", "SIGTERM", "disconnect"]) process.on(event, close);
  process.stdout.write(`local server ready on http://${settings.host}:${server.port}\n`);
  process.stdout.write(
    `Node ${runtime.node}; V8 was asked for vectors of ${runtime.vectorBits} bits\n`,
  );
}

function readOptions(): ServerOptions {
  try {
    return parseServerOptions(process.argv.slice(2), {
      dataDir: path.join(homedir(), ".twinkle-studio", "server"),
      builtinDir: builtinFolder(),
      tokens: process.env["TWINKLE_SERVER_TOKENS"] ?? "",
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(1);
  }
}
