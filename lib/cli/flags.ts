import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command";

export type FlagOptions = NonNullable<ParseArgsConfig["options"]>;

/**
 * A command's flags and its other arguments. What looks like a negative number is the value of the flag before it.
 *
 * @throws UsageError that names the flag: for one that does not exist, has no value, or takes none
 */
export function parseFlags<Options extends FlagOptions>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: withNegatives(args, options), allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(sentenceOf(error as Error));
  }
}

/** Node takes a value that begins with a dash only where it is joined to its flag. */
function withNegatives(args: readonly string[], options: FlagOptions): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const flag = joined.at(-1);
    const option = Object.entries(options).find(
      ([name, { short }]) => flag === `--${name}` || flag === `-${short}`,
    );
    if (/^-\.?\d/.test(arg) && option?.[1].type === "string")
      joined.splice(-1, 1, `--${option[0]}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

function sentenceOf({ message }: Error): string {
  const [, flag] = /'(--?[\w-]+)/.exec(message) ?? [];
  if (message.startsWith("Unknown option")) return `There is no flag ${flag}.`;
  return message.includes("does not take an argument")
    ? `${flag} takes no value.`
    : `${flag} needs a value.`;
}
