import os from "node:os";
import path from "node:path";

/** Flags of `npm start` and `npm run dev`, with their defaults. */
const FLAGS = {
  port: { value: "N", help: "port of the studio (default 3000)" },
  "server-port": { value: "N", help: "port of the local training server (default 8000)" },
  model: { value: "NAME=DIR", help: "serve this model folder as owner/name; may be repeated" },
  "data-dir": {
    value: "DIR",
    help: "where models, runs, checkpoints and the session secret are kept",
  },
  server: { value: "URL", help: "connect to this training server and start no local one" },
};

export class UsageError extends Error {}

/**
 * @param {string[]} argv
 * @returns {{ port: number, serverPort: number, models: string[], dataDir: string, server: string | null, wantsHelp: boolean }}
 */
export function parseFlags(argv) {
  const given = new Map();
  const models = [];
  for (let i = 0; i < argv.length; i++) {
    const [name, inline] = argv[i].replace(/^--/, "").split(/=(.*)/s);
    if (name === "help") return { ...defaults(), wantsHelp: true };
    if (!argv[i].startsWith("--") || !(name in FLAGS)) {
      throw new UsageError(`${argv[i]} is not a flag of this command.\n${usage()}`);
    }
    const value = inline ?? argv[++i];
    if (value === undefined || value === "")
      throw new UsageError(`--${name} needs a value: ${FLAGS[name].help}.`);
    if (name === "model") models.push(modelOf(value));
    else given.set(name, value);
  }
  if (models.length > 0 && given.has("server"))
    throw new UsageError("--model is for the local server, which --server leaves out.");
  const base = defaults();
  return {
    port: given.has("port") ? portOf("port", given.get("port")) : base.port,
    serverPort: given.has("server-port")
      ? portOf("server-port", given.get("server-port"))
      : base.serverPort,
    models,
    dataDir: path.resolve(given.get("data-dir") ?? base.dataDir),
    server: given.has("server") ? serverOf(given.get("server")) : null,
    wantsHelp: false,
  };
}

export function usage() {
  const rows = Object.entries(FLAGS).map(
    ([name, flag]) => `  ${`--${name} ${flag.value}`.padEnd(20)} ${flag.help}`,
  );
  return `Flags, after "--" (as in: npm start -- --port 3001):\n${rows.join("\n")}`;
}

function defaults() {
  return {
    port: 3000,
    serverPort: 8000,
    models: [],
    dataDir: defaultDataDir(),
    server: null,
    wantsHelp: false,
  };
}

function portOf(name, text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UsageError(`--${name} must be a whole number from 1 to 65535, not "${text}".`);
  }
  return port;
}

/** The folder is the local server's to judge: one that cannot be served stops nothing. */
function modelOf(text) {
  const [name, directory] = text.split(/=(.*)/s);
  if (!name || !directory)
    throw new UsageError(`--model must have the form owner/name=folder, not "${text}".`);
  return `${name}=${path.resolve(directory)}`;
}

function serverOf(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`--server must be an address such as http://gpu-box:8000, not "${text}".`);
  }
  return url.href.replace(/\/$/, "");
}

export function defaultDataDir() {
  const home = os.homedir();
  if (process.platform === "darwin")
    return path.join(home, "Library", "Application Support", "Twinkle Studio");
  if (process.platform === "win32") {
    return path.join(
      process.env.LOCALAPPDATA ?? path.join(home, "AppData", "Local"),
      "Twinkle Studio",
    );
  }
  return path.join(
    process.env.XDG_DATA_HOME ?? path.join(home, ".local", "share"),
    "twinkle-studio",
  );
}
