import path from "node:path";
import { fileURLToPath } from "node:url";
import { installFromDebian } from "../studio/debian.mjs";
import { runToEnd } from "../studio/processes.mjs";
import { ensureVenv } from "../studio/venv.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const SITE = 'import sysconfig; print(sysconfig.get_paths()["platlib"])';

/** The interpreter of an environment with PyTorch (CPU), transformers and PEFT: 1.5 GB, made once in the cache folder. */
export function ensureTorch({ say, show }) {
  return ensureVenv(path.join(here, "torch.txt"), {
    say,
    show,
    pipFlags: ["--no-deps"],
    finish: async (python) => {
      await cudaStubs(python, { show });
      // Imported once, the packages have byte code and every later start is quick.
      await runToEnd(python, ["-c", "import torch, transformers, peft"], { show });
    },
  });
}

/** Stand-ins for the CUDA libraries that PyTorch is linked to and never calls here. */
export async function cudaStubs(python, { show }) {
  if (process.platform !== "linux") return;
  await ensureCompiler();
  const site = (await runToEnd(python, ["-c", SITE])).trim();
  await runToEnd(python, [path.join(here, "cuda_stubs.py"), site], { show });
}

async function ensureCompiler() {
  try {
    await runToEnd("sh", ["-c", "command -v cc nm readelf"]);
  } catch {
    if (!(await installFromDebian(["gcc", "libc6-dev", "binutils"])))
      throw new Error("cc, nm and readelf are needed: install gcc and binutils.");
  }
}
