/** What a command works with besides its arguments. */
export interface CommandContext {
  env: Record<string, string | undefined>;
  /** The folder of `npm start`: models, runs, checkpoints. */
  dataDir: string;
  /** Where relative paths begin. */
  cwd: string;
  /** Shows how far long work is; where it is shown is not the command's business. */
  progress: (step: ProgressStep) => void;
  /** Tells what is worth knowing besides the result; it stays to be read. */
  note: (sentence: string) => void;
  /** Aborts on Ctrl-C. */
  signal: AbortSignal;
}

export interface ProgressStep {
  label: string;
  /** From 0 to 1; null where the end is not known yet. */
  share: number | null;
  /** Figures beside the bar. */
  detail: string;
}

export interface CommandResult {
  /** The one value that `--json` prints. */
  value: unknown;
  /** The same for people. */
  text: string;
  /** For a command that came to a result, but not to its end; 0 without it. */
  exitCode?: number;
}

export interface Command {
  /** Each form with its flags, and what it does. */
  usage: readonly (readonly [form: string, about: string])[];
  /** @throws UsageError for arguments that make no sense; any other error ends the command with its sentence */
  run: (args: readonly string[], context: CommandContext) => Promise<CommandResult>;
}

/** The arguments are wrong; shown with the usage. */
export class UsageError extends Error {
  override name = "UsageError";
}
