import { sliceOfName } from "@/lib/dataset/hub-address";
import { flagsOf } from "./run-flags";
import type { RunConfig } from "./types";

/** Characters that no shell reads anything into. */
const PLAIN = /^[\w./:@%+=-]+$/;

/**
 * The command that repeats a run, for a POSIX shell, one flag a line. The token is not in it, and of the dataset only the
 * name: its file must lie there. What was filled into the placeholders of a hub's rows is asked for.
 *
 * @param serverUrl - null for the server that the command line takes by itself
 */
export function commandOf(config: RunConfig, { serverUrl }: { serverUrl: string | null }): string {
  const { datasetName, baseModel, startFrom } = config;
  return [
    `npm run -s studio -- train ${datasetWords(datasetName)}`,
    ...(serverUrl === null ? [] : [`--server ${shellWord(serverUrl)}`]),
    `--base ${shellWord(baseModel)}`,
    ...(startFrom ? [`--resume ${shellWord(startFrom.path)}`] : []),
    ...(startFrom && !startFrom.optimizer ? ["--weights-only"] : []),
    ...Object.entries(flagsOf(config, null)).map(
      // A value that begins like a flag must stand in the word of its own flag.
      ([flag, value]) => `--${flag}${value.startsWith("-") ? "=" : " "}${shellWord(value)}`,
    ),
  ].join(" \\\n  ");
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where the rows come from: a file, or the slice of a hub's dataset. */
export function datasetWords(name: string): string {
  const slice = sliceOfName(name);
  if (slice) return `${shellWord(slice.address)} --rows ${slice.rows}`;
  // A name that begins like a flag would be taken for one.
  return shellWord(name.startsWith("-") ? `./${name}` : name);
}
