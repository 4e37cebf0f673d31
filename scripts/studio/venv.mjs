import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runToEnd } from "./processes.mjs";

const TRIES = 3;

/** Heavy downloads that outlast a checkout: the user's cache folder. */
export function cacheDir() {
  return path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"),
    "twinkle-studio",
  );
}

/**
 * A Python environment in the cache folder with the packages of a requirements file, made anew when that file changes;
 * resolves with the path of its interpreter.
 *
 * @param {string} requirements - path of the file; its name names the environment
 * @param {object} options
 * @param {readonly string[]} [options.pipFlags] - such as `--no-deps`
 * @param {(python: string) => Promise<unknown>} [options.finish] - what else belongs to the set-up
 */
export async function ensureVenv(requirements, { say, show = false, pipFlags = [], finish }) {
  const name = path.basename(requirements, ".txt");
  const dir = path.join(cacheDir(), "venvs", name);
  const python = path.join(dir, "bin", "python");
  const stampFile = path.join(dir, "stamp");
  const stamp = crypto.createHash("sha256").update(fs.readFileSync(requirements)).digest("hex");
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, "utf8") === stamp) return python;
  say(`Installing the Python packages of ${path.basename(requirements)} ...`);
  fs.rmSync(dir, { recursive: true, force: true });
  await makeVenv(dir);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pipFlags];
  await retry(() => runToEnd(python, [...install, "-r", requirements], { show }));
  await finish?.(python);
  fs.writeFileSync(stampFile, stamp);
  return python;
}

/** Debian keeps `venv` in a package of its own. */
async function makeVenv(dir) {
  try {
    await runToEnd("python3", ["-m", "venv", dir]);
  } catch (error) {
    if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/apt-get")) throw error;
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await runToEnd("apt-get", ["update", "-qq"], { env });
    await runToEnd("apt-get", ["install", "-y", "-qq", "python3-venv"], { env });
    await runToEnd("python3", ["-m", "venv", dir]);
  }
}

/** A registry's time-out passes. */
async function retry(work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}
