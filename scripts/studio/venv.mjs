import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { installFromDebian } from "./debian.mjs";
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
 * @param {readonly string[]} [options.versions] - of Python, where not any will do: `3.11`
 * @param {(python: string) => Promise<unknown>} [options.finish] - what else belongs to the set-up
 */
export async function ensureVenv(
  requirements,
  { say, show = false, pipFlags = [], versions = [], finish },
) {
  const name = path.basename(requirements, ".txt");
  const dir = path.join(cacheDir(), "venvs", name);
  const python = path.join(dir, "bin", "python");
  const stampFile = path.join(dir, "stamp");
  const stamp = crypto.createHash("sha256").update(fs.readFileSync(requirements)).digest("hex");
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, "utf8") === stamp) return python;
  say(`Installing the Python packages of ${path.basename(requirements)} ...`);
  fs.rmSync(dir, { recursive: true, force: true });
  await makeVenv(dir, versions);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pipFlags];
  await retry(() => runToEnd(python, [...install, "-r", requirements], { show }));
  await finish?.(python);
  fs.writeFileSync(stampFile, stamp);
  return python;
}

/** Debian keeps `venv` in a package of its own. */
async function makeVenv(dir, versions) {
  const python = await findPython(versions);
  try {
    await runToEnd(python, ["-m", "venv", dir]);
  } catch (error) {
    if (!(await installFromDebian([`${path.basename(python)}-venv`]))) throw error;
    await runToEnd(python, ["-m", "venv", dir]);
  }
}

/** The system's Python, or one of these versions. */
async function findPython(versions) {
  if (versions.length === 0) return "python3";
  const isWanted = `import sys; sys.exit("%d.%d" % sys.version_info[:2] not in ${JSON.stringify(versions)})`;
  for (const python of ["python3", ...versions.map((version) => `python${version}`)]) {
    try {
      await runToEnd(python, ["-c", isWanted]);
      return python;
    } catch {
      continue;
    }
  }
  throw new Error(`Python ${versions.join(" or ")} is needed and was not found.`);
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
