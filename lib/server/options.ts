import { totalmem } from "node:os";
import path from "node:path";
import { constrainedMemory } from "node:process";
import { parseArgs } from "node:util";

import { isLoopback } from "./http/access";
import type { ModelFolder } from "./models/model-catalog";
import { EMPTY_TOKEN } from "./runs/owners";

const MIB = 1024 * 1024;
/** How much of the memory that this process may use goes to models and adapters. */
const MEMORY_SHARE = 0.75;

export interface ServerOptions {
  port: number;
  host: string;
  /** Who may call; none lets everybody in. */
  tokens: string[];
  dataDir: string;
  /** Folder with `NAME/` for each built-in model, served as `twinkle/NAME`. */
  builtinDir: string;
  /** More models: name and folder. */
  models: ModelFolder[];
  /** Folder whose models are served too, and that downloads go to. */
  modelsDir: string;
  sessionTimeoutMs: number;
  longPollMs: number;
  maxLoras: number;
  maxMemoryBytes: number;
  adapterIdleMs: number;
  maxQueue: number;
  /** Worker threads of each model; null leaves the choice to the engine. */
  threads: number | null;
  isVerbose: boolean;
}

export const USAGE = `Usage: main [--port N] [--data-dir DIR] [--model NAME=DIR]... [--models-dir DIR] [--builtin DIR]
            [--session-timeout SECONDS] [--long-poll SECONDS] [--max-loras N] [--threads N] [--verbose]
            [--max-memory MIB] [--adapter-idle SECONDS] [--max-queue N] [--host ADDRESS] [--token TOKEN]...`;

/** The Python SDK gives a poll up after 45 seconds. */
const MAX_LONG_POLL_SECONDS = 40;

/** @throws Error with a sentence about the flag */
export function parseServerOptions(
  args: readonly string[],
  defaults: {
    dataDir: string;
    builtinDir: string;
    /** More tokens, apart by spaces or commas. */
    tokens: string;
  },
): ServerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "8000" },
      host: { type: "string", default: "127.0.0.1" },
      token: { type: "string", multiple: true, default: [] },
      "data-dir": { type: "string", default: defaults.dataDir },
      builtin: { type: "string", default: defaults.builtinDir },
      model: { type: "string", multiple: true, default: [] },
      "models-dir": { type: "string" },
      "session-timeout": { type: "string", default: "120" },
      "long-poll": { type: "string", default: "30" },
      "max-loras": { type: "string", default: "16" },
      "max-memory": { type: "string", default: defaultMemoryMib() },
      "adapter-idle": { type: "string", default: "600" },
      "max-queue": { type: "string", default: "256" },
      threads: { type: "string" },
      verbose: { type: "boolean", default: false },
    },
  });
  return {
    ...readAccess(values.host, [...values.token, ...defaults.tokens.split(/[\s,]+/)]),
    port: wholeNumber("--port", values.port, 0, 65_535),
    dataDir: values["data-dir"],
    builtinDir: values.builtin,
    models: values.model.map(readModel),
    modelsDir: values["models-dir"] ?? path.join(values["data-dir"], "models"),
    sessionTimeoutMs: 1000 * wholeNumber("--session-timeout", values["session-timeout"], 1, 86_400),
    longPollMs: 1000 * wholeNumber("--long-poll", values["long-poll"], 1, MAX_LONG_POLL_SECONDS),
    maxLoras: wholeNumber("--max-loras", values["max-loras"], 1, 1000),
    maxMemoryBytes: MIB * wholeNumber("--max-memory", values["max-memory"], 1, 1e9),
    adapterIdleMs: 1000 * wholeNumber("--adapter-idle", values["adapter-idle"], 1, 1e6),
    maxQueue: wholeNumber("--max-queue", values["max-queue"], 1, 100_000),
    threads: values.threads === undefined ? null : wholeNumber("--threads", values.threads, 1, 64),
    isVerbose: values.verbose,
  };
}

/** A server that others reach asks everybody for a token. */
function readAccess(host: string, given: readonly string[]): { host: string; tokens: string[] } {
  const tokens = given.filter(Boolean);
  if (tokens.includes(EMPTY_TOKEN))
    throw new Error(`"${EMPTY_TOKEN}" stands for no token; choose another one.`);
  if (tokens.length === 0 && !isLoopback(host))
    throw new Error(
      `--host ${host} opens the server to other computers; say who may use it with --token or TWINKLE_SERVER_TOKENS.`,
    );
  return { host, tokens };
}

function readModel(text: string): ModelFolder {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new Error(`--model "${text}": use the form owner/name=folder.`);
  return { name: text.slice(0, at), directory: text.slice(at + 1) };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${flag} is "${text}"; use a whole number from ${least} to ${most}.`);
}

/** As text, like a flag. */
function defaultMemoryMib(): string {
  const granted = constrainedMemory() || Infinity;
  return String(Math.floor((Math.min(totalmem(), granted) * MEMORY_SHARE) / MIB));
}
