import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { checkpointNames, readCheckpointFacts, type CheckpointFacts } from "./checkpoint-files";
import {
  isRunId,
  parseCheckpointPath,
  type CheckpointFolder,
  type CheckpointRef,
} from "./checkpoint-paths";
import { makeFolder, recoverFolder, removeFolder, writeFileDurably } from "./durable-files";

const runSchema = z.object({
  id: z.string(),
  baseModel: z.string(),
  rank: z.number(),
  createdAt: z.string(),
  lastRequestTime: z.string(),
  userMetadata: z.record(z.string(), z.unknown()).nullable(),
});

export type RunRecord = z.infer<typeof runSchema>;

export interface StoredCheckpoint {
  ref: CheckpointRef;
  folder: string;
  facts: CheckpointFacts;
}

const FOLDERS: readonly CheckpointFolder[] = ["weights", "sampler_weights"];

/** Runs and checkpoints on disk, each owner's apart: `owners/HASH/runs/RUN/{run.json, weights/NAME/, sampler_weights/NAME/}`. */
export class RunStore {
  private readonly root: string;

  constructor(dataDir: string) {
    this.root = path.join(dataDir, "owners");
  }

  /** Makes the folder and repairs what a killed server left half done. */
  async recover(): Promise<void> {
    await makeFolder(this.root);
    for (const owner of readdirSync(this.root)) {
      const runs = path.join(this.root, owner, "runs");
      if (!existsSync(runs)) continue;
      for (const run of readdirSync(runs)) {
        for (const folder of ["", ...FOLDERS]) {
          const full = path.join(runs, run, folder);
          if (existsSync(full)) recoverFolder(full);
        }
      }
    }
  }

  saveRun(owner: string, run: RunRecord): Promise<void> {
    return writeFileDurably(
      path.join(this.runFolder(owner, run.id), "run.json"),
      JSON.stringify(run, null, 2),
    );
  }

  /** Writes what changed of a run that is stored already; a full disk does not matter for that. */
  async refreshRun(owner: string, run: RunRecord): Promise<void> {
    await this.saveRun(owner, run).catch(() => undefined);
  }

  run(owner: string, id: string): RunRecord | null {
    if (!isRunId(id)) return null;
    try {
      return runSchema.parse(
        JSON.parse(readFileSync(path.join(this.runFolder(owner, id), "run.json"), "utf8")),
      );
    } catch {
      return null;
    }
  }

  /** All runs of an owner, in no order. */
  runs(owner: string): RunRecord[] {
    const folder = path.join(this.root, owner, "runs");
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((id) => this.run(owner, id) ?? []);
  }

  /** Where a checkpoint lies, or would. */
  folderOf(owner: string, { runId, folder, name }: CheckpointRef): string {
    return path.join(this.runFolder(owner, runId), folder, name);
  }

  /** A whole checkpoint of this owner, or null. */
  checkpoint(owner: string, ref: CheckpointRef): StoredCheckpoint | null {
    const folder = this.folderOf(owner, ref);
    const facts = readCheckpointFacts(folder);
    return facts && { ref, folder, facts };
  }

  /** The same by its `twinkle://` path. */
  checkpointAt(owner: string, path: string): StoredCheckpoint | null {
    const ref = parseCheckpointPath(path);
    return ref && this.checkpoint(owner, ref);
  }

  /** The whole checkpoints of a run, oldest first. */
  checkpoints(owner: string, runId: string): StoredCheckpoint[] {
    return FOLDERS.flatMap((folder) =>
      checkpointNames(path.join(this.runFolder(owner, runId), folder)).flatMap(
        (name) => this.checkpoint(owner, { runId, folder, name }) ?? [],
      ),
    ).sort((a, b) => a.facts.savedAt.localeCompare(b.facts.savedAt));
  }

  deleteCheckpoint(checkpoint: StoredCheckpoint): Promise<void> {
    return removeFolder(checkpoint.folder);
  }

  private runFolder(owner: string, id: string): string {
    return path.join(this.root, owner, "runs", id);
  }
}
