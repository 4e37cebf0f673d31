import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

import type { EngineOptions } from "../engine/engine";
import type { Memory, MemoryHolder } from "./memory";
import { ServedModel } from "./served-model";

export interface ModelFolder {
  /** `owner/name`. */
  name: string;
  directory: string;
}

/** A folder that looks like a model and is not served. */
export interface RefusedFolder extends ModelFolder {
  reason: string;
}

export interface ModelCatalogOptions {
  engine: EngineOptions;
  memory: Memory;
  /** Folders `OWNER/NAME` or `NAME` in it are served too, also those that come later. */
  modelsDir: string;
  /** Called once for each folder that cannot be served, and again when it has changed and still cannot. */
  onRefused: (folder: RefusedFolder) => void;
  /** Called with the bytes that a model takes right after loading. */
  onLoaded: (name: string, bytes: number) => void;
}

/** What a folder without an owner is served under. */
const NO_OWNER = "local";
/** A download in progress. */
export const PARTIAL_SUFFIX = ".partial";

/** The models of this server: folders that are served by name, and those that cannot be with the reason. */
export class ModelCatalog implements MemoryHolder {
  readonly served = new Map<string, ServedModel>();
  private readonly refusals = new Map<string, RefusedFolder & { signature: string }>();
  private readonly named: ModelFolder[] = [];
  private readonly options: ModelCatalogOptions;

  constructor(options: ModelCatalogOptions) {
    this.options = options;
  }

  get refused(): RefusedFolder[] {
    return [...this.refusals.values()];
  }

  get modelsDir(): string {
    return this.options.modelsDir;
  }

  /** Serves a folder, or notes why not. The first folder of a name wins. */
  add(folder: ModelFolder): void {
    this.named.push(folder);
    this.consider(folder);
  }

  /** Takes in what came or became whole since, and forgets refused folders that left the models folder. */
  rescan(): void {
    const folders = [...this.named, ...modelFolders(this.options.modelsDir)];
    for (const folder of folders) this.consider(folder);
    const names = new Set(folders.map(({ name }) => name));
    for (const { name } of this.refused) if (!names.has(name)) this.refusals.delete(name);
  }

  /** What the models that are loaded, or about to be, take. */
  bytes(): number {
    const loaded = [...this.served.values()].filter(({ state }) => state !== "on_disk");
    return loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** A model that is loaded stays. */
  freeOne(): boolean {
    return false;
  }

  private consider({ name, directory }: ModelFolder): void {
    if (this.served.has(name)) return;
    const signature = signatureOf(directory);
    if (this.refusals.get(name)?.signature === signature) return;
    try {
      const { engine, memory, onLoaded } = this.options;
      const hooks = {
        makeRoom: (bytes: number) => memory.makeRoom(bytes),
        onLoaded: (bytes: number) => onLoaded(name, bytes),
      };
      this.served.set(name, new ServedModel(name, directory, engine, hooks));
      this.refusals.delete(name);
    } catch (error) {
      const refused = { name, directory, reason: (error as Error).message };
      this.refusals.set(name, { ...refused, signature });
      this.options.onRefused(refused);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.served.values()].map((model) => model.close()));
  }
}

/** The model folders below a folder: `OWNER/NAME`, or `NAME` alone, which gets an owner. */
export function modelFolders(root: string, owner = NO_OWNER): ModelFolder[] {
  return foldersIn(root).flatMap((first) => {
    const directory = path.join(root, first);
    if (existsSync(path.join(directory, "config.json")))
      return [{ name: `${owner}/${first}`, directory }];
    return foldersIn(directory).map((second) => ({
      name: `${first}/${second}`,
      directory: path.join(directory, second),
    }));
  });
}

function foldersIn(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => !name.startsWith(".") && !name.endsWith(PARTIAL_SUFFIX))
    .filter((name) => statSync(path.join(root, name), { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

/** Changes with every file that comes, grows or goes. */
function signatureOf(directory: string): string {
  if (!existsSync(directory)) return "";
  return readdirSync(directory)
    .sort()
    .map((name) => {
      const stat = statSync(path.join(directory, name), { throwIfNoEntry: false });
      return `${name}:${stat?.size}:${stat?.mtimeMs}`;
    })
    .join();
}
