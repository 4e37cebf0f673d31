#!/usr/bin/env node
/* A real Twinkle Server on the CPU and a tiny model for it, in the user's cache folder. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cudaStubs } from "../../../scripts/python/torch-venv.mjs";
import { runToEnd } from "../../../scripts/studio/processes.mjs";
import { cacheDir, ensureVenv } from "../../../scripts/studio/venv.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
/** Imports what the server imports: with byte code every later start takes half the time. */
const WARM_UP = `
import torch, tinker, ray, transformers, peft, accelerate, datasets
from ray import serve
from transformers import Qwen2ForCausalLM
import twinkle, twinkle.server.cli.app, twinkle.server.launcher, twinkle.server.gateway
import twinkle.server.model.backends.transformers_model, twinkle.server.sampler.app
`;

/** The server's interpreter and the folder of its base model; 2.3 GB, made once. */
export async function ensureTwinkleServer({ say, show = false }) {
  const work = path.join(cacheDir(), "twinkle");
  const model = path.join(work, "tiny-model");
  fs.mkdirSync(work, { recursive: true });
  const python = await ensureVenv(path.join(here, "twinkle-server.txt"), {
    say,
    show,
    pipFlags: ["--no-deps", "--no-compile"],
    versions: ["3.11", "3.12"],
    finish: async (python) => {
      await cudaStubs(python, { show });
      // Importing twinkle makes a folder `.locks` where it is.
      await runToEnd(python, ["-c", WARM_UP], { cwd: work, show });
      await runToEnd(python, [path.join(here, "make_tiny_model.py"), model], { show });
    },
  });
  return { python, model };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line) => console.log(line);
  say(JSON.stringify(await ensureTwinkleServer({ say, show: true })));
}
