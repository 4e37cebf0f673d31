import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runToEnd } from "./processes.mjs";

const SOURCES = [
  "app",
  "components",
  "lib",
  "messages",
  "public",
  "scripts",
  "next.config.ts",
  "proxy.ts",
  "package-lock.json",
  "postcss.config.mjs",
  "tsconfig.json",
];
const STAMP = path.join(".next", "studio-build.txt");

/** Builds the studio and the local server unless the build at hand was made from these very sources. */
export async function ensureBuild(root, { say, keep, show = false }) {
  const hash = hashSources(root);
  if (readStamp(root) === hash) return false;
  say("Building the studio (about a minute) ...");
  fs.rmSync(path.join(root, STAMP), { force: true });
  await bundleServer(root);
  const next = path.join("node_modules", "next", "dist", "bin", "next");
  await runToEnd(process.execPath, [next, "build"], {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    show,
    keep,
  });
  fs.writeFileSync(path.join(root, STAMP), hash);
  return true;
}

/** One file for the server and one for its engine's worker: processes outside Next run without a compiler. */
export async function bundleServer(root, outdir = path.join("dist", "server")) {
  const { build } = await import(
    pathToFileURL(path.join(root, "node_modules", "esbuild", "lib", "main.js")).href
  );
  await build({
    absWorkingDir: root,
    entryPoints: { main: "lib/server/main.ts", "engine-worker": "lib/server/engine/worker.ts" },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { "@": root },
    logLevel: "error",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}

function readStamp(root) {
  try {
    return fs.readFileSync(path.join(root, STAMP), "utf8");
  } catch {
    return null;
  }
}

function hashSources(root) {
  const hash = createHash("sha256");
  const add = (relative) => {
    const file = path.join(root, relative);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) add(path.join(relative, name));
    } else if (!/\.test\.ts$/.test(relative)) {
      hash.update(`${relative}\0${stat.size}\0`).update(fs.readFileSync(file));
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}
