import { mkdtemp, mkdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export const LANGUAGE_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";

interface Setup {
  ensureSmolLM2: (tools: { say: (line: string) => void }) => Promise<string>;
}

/** A folder of repositories for the hub stand-in with a real language model in it, which the cache folder keeps. */
export async function languageModelSeed(): Promise<{ folder: string; dispose(): Promise<void> }> {
  const setup = "../models/setup.mjs";
  const { ensureSmolLM2 } = (await import(setup)) as Setup;
  const kept = await ensureSmolLM2({ say: (line) => console.log(line) });
  const folder = await mkdtemp(path.join(tmpdir(), "studio-seed-"));
  const place = path.join(folder, "models", LANGUAGE_MODEL);
  await mkdir(path.dirname(place), { recursive: true });
  await symlink(kept, place);
  return { folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}
