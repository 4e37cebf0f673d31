import fs from "node:fs";
import { runToEnd } from "./processes.mjs";

/** Installs packages of Debian; false where that cannot be done: on another system, or without the rights. */
export async function installFromDebian(packages) {
  if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/apt-get")) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runToEnd("apt-get", ["update", "-qq"], { env });
  await runToEnd("apt-get", ["install", "-y", "-qq", ...packages], { env });
  return true;
}
