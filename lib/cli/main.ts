import { UsageError, type Command, type CommandContext } from "./command";
import { bench } from "./commands/bench";
import { checkpoints, remove, runs } from "./commands/checkpoints";
import { connect } from "./commands/connect";
import { data } from "./commands/data";
import { doctor } from "./commands/doctor";
import { models } from "./commands/models";
import { publish } from "./commands/publish";
import { serve } from "./commands/serve";
import { serverConfig } from "./commands/server-config";
import { sample } from "./commands/sample";
import { train } from "./commands/train";
import { errorText } from "./error-text";
import { EXIT, exitCodeOf } from "./exit-codes";
import { progressLines, type OutputStream } from "./progress";

const COMMANDS: Record<string, Command> = {
  connect,
  models,
  runs,
  checkpoints,
  delete: remove,
  data,
  train,
  sample,
  publish,
  doctor,
  bench,
  serve,
  "server-config": serverConfig,
};

export interface Terminal extends Pick<CommandContext, "env" | "dataDir" | "cwd" | "signal"> {
  stdout: OutputStream;
  stderr: OutputStream;
}

/**
 * Runs one command; resolves with the exit code. The result alone goes to stdout: text, or one JSON value with
 * `--json`, which is `{"error": sentence}` after a failure. Everything else goes to stderr.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr, ...given } = terminal;
  const isJson = argv.includes("--json");
  const [name, ...args] = argv.filter((arg) => arg !== "--json");
  const progress = progressLines(stderr);
  try {
    if (name === undefined || name === "help" || argv.includes("--help")) {
      stdout.write(`${usage(name === "help" ? args[0] : name)}\n`);
      return EXIT.done;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`There is no command "${name}".`);
    const context = { ...given, progress: progress.show, note: progress.note };
    const { value, text, exitCode = EXIT.done } = await command.run(args, context);
    progress.end();
    stdout.write(`${isJson ? JSON.stringify(value) : text}\n`);
    return exitCode;
  } catch (error) {
    progress.end();
    stderr.write(`${errorText(error)}\n`);
    if (error instanceof UsageError) stderr.write(`${usage(name)}\n`);
    if (isJson) stdout.write(`${JSON.stringify({ error: errorText(error, Infinity) })}\n`);
    return exitCodeOf(error);
  }
}

/** Of one command, or of all. */
function usage(name?: string): string {
  const one = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const shown = one ? [one] : Object.values(COMMANDS);
  return [
    "Usage: npm run -s studio -- COMMAND [--json]",
    ...shown
      .flatMap((command) => command.usage)
      .flatMap(([form, about]) => [`  ${form}`, `      ${about}`]),
    "All that talk to a training server take --server URL and --token T (- reads it from stdin).",
    "--json prints one JSON value on stdout and nothing else there.",
    "Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 the server cannot be reached or refuses the token,",
    "4 problems in the data, 130 interrupted.",
  ].join("\n");
}
