import { readWeights } from "../runs/checkpoint-files";
import { checkpointPath } from "../runs/checkpoint-paths";
import type { RunStore, StoredCheckpoint } from "../runs/run-store";
import { refusal } from "../http/errors";
import type { Memory, MemoryHolder } from "../models/memory";
import type { ServedModel } from "../models/served-model";

/** Idle adapters that stay loaded for the next sample. */
const MAX_IDLE = 4;

interface Loaded {
  model: ServedModel;
  id: string;
  ready: Promise<void>;
  users: number;
  bytes: number;
}

/** What `model_path` or `adapter_uri` selected. */
export interface SampleSource {
  model: ServedModel;
  checkpoint: StoredCheckpoint | null;
}

/** Loads checkpoints into their engine for sampling and keeps the last few there. */
export class CheckpointAdapters implements MemoryHolder {
  private readonly runs: RunStore;
  private readonly models: ReadonlyMap<string, ServedModel>;
  private readonly memory: Memory;
  /** Oldest use first. */
  private readonly loaded = new Map<string, Loaded>();

  constructor(options: {
    runs: RunStore;
    models: ReadonlyMap<string, ServedModel>;
    memory: Memory;
  }) {
    this.runs = options.runs;
    this.models = options.models;
    this.memory = options.memory;
  }

  /**
   * Finds what to sample from.
   *
   * @param baseModel - name of a served model; may be left out when a path says it
   * @throws WireError 400, 404
   */
  resolve(owner: string, baseModel: string | null, path: string | null): SampleSource {
    const wanted = baseModel === null ? null : this.model(baseModel);
    if (path === null) {
      if (!wanted) throw refusal(400, "base_model is required but could not be resolved");
      return { model: wanted, checkpoint: null };
    }
    const checkpoint = this.runs.checkpointAt(owner, path);
    if (!checkpoint)
      throw refusal(404, `Adapter URI ${path} does not exist. Please check the model_path.`);
    const model = this.model(checkpoint.facts.baseModel);
    if (wanted && wanted !== model) {
      throw refusal(
        400,
        `${path} was trained on ${model.name}, not on ${wanted.name}; ask for ${model.name}.`,
      );
    }
    return { model, checkpoint };
  }

  /** Runs `work` with the id of the adapter in the engine (null for the base model), which stays loaded meanwhile. */
  async use<T>(
    { model, checkpoint }: SampleSource,
    work: (adapter: string | null) => Promise<T>,
  ): Promise<T> {
    if (!checkpoint) {
      await model.load();
      return work(null);
    }
    const entry = this.acquire(model, checkpoint);
    try {
      await entry.ready;
      return await work(entry.id);
    } finally {
      entry.users--;
      this.dropIdle();
    }
  }

  get count(): number {
    return this.loaded.size;
  }

  bytes(): number {
    return [...this.loaded.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  freeOne(): boolean {
    const oldest = this.idle()[0];
    if (oldest) this.drop(oldest);
    return oldest !== undefined;
  }

  private model(name: string): ServedModel {
    const model = this.models.get(name);
    if (model) return model;
    throw refusal(
      404,
      `The model ${name} is not served here; served are: ${[...this.models.keys()].join(", ")}.`,
    );
  }

  private acquire(model: ServedModel, checkpoint: StoredCheckpoint): Loaded {
    const id = `${checkpointPath(checkpoint.ref)}#${checkpoint.facts.version}`;
    const entry = this.loaded.get(id) ?? this.load(model, checkpoint, id);
    this.loaded.delete(id);
    this.loaded.set(id, entry);
    entry.users++;
    return entry;
  }

  private load(model: ServedModel, { folder, facts }: StoredCheckpoint, id: string): Loaded {
    // Read before anything is awaited: the folder may be replaced at any later moment.
    const weights = readWeights(folder, facts);
    const bytes = model.adapterBytes(facts.rank).untrained;
    this.memory.makeRoom(bytes);
    const ready = (async () => {
      const engine = await model.load();
      await engine.createAdapter(id, { rank: facts.rank, alpha: facts.alpha, seed: 0 });
      try {
        engine.importAdapter(id, weights, null);
      } catch (error) {
        engine.dropAdapter(id);
        throw error;
      }
    })();
    ready.catch(() => this.loaded.delete(id));
    return { model, id, ready, users: 0, bytes };
  }

  private dropIdle(): void {
    for (const entry of this.idle().slice(0, -MAX_IDLE)) this.drop(entry);
  }

  /** Oldest use first. */
  private idle(): Loaded[] {
    return [...this.loaded.values()].filter(({ users }) => users === 0);
  }

  private drop({ id, model }: Loaded): void {
    this.loaded.delete(id);
    model.engine.dropAdapter(id);
  }
}
