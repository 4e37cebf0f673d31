import fs from "node:fs";
import path from "node:path";
import { runToEnd } from "./processes.mjs";

/** Installs the packages of package-lock.json when they are missing or older than it. */
export async function ensurePackages(root, { say, keep, show = false }) {
  if (isInstalled(root)) return;
  say("Installing packages (npm ci) ...");
  await runToEnd("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, show, keep });
}

function isInstalled(root) {
  try {
    const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
    const installed = JSON.parse(
      fs.readFileSync(path.join(root, "node_modules", ".package-lock.json"), "utf8"),
    );
    return Object.entries(lock.packages).every(
      ([name, entry]) =>
        name === "" ||
        entry.optional ||
        entry.peer ||
        installed.packages[name]?.version === entry.version,
    );
  } catch {
    return false;
  }
}
