import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { Engine, type EngineOptions } from "../engine/engine";
import { adapterBytes } from "../engine/memory-needs";
import type { ModelConfig } from "../engine/types";
import { ChatTokenizer } from "../sampling/chat-tokenizer";
import { inspectFolder } from "./model-folder";

const endTokensSchema = z.looseObject({
  eos_token_id: z.union([z.number(), z.array(z.number())]).nullish(),
});

export interface LoadHooks {
  /** Called before the weights are read; throws when memory does not suffice. */
  makeRoom?: (bytes: number) => void;
  /** Called with the bytes that weights and working memory take now. */
  onLoaded?: (bytes: number) => void;
}

/** A base model that this server trains and samples. Weights and tokenizer are read when they are first needed. */
export class ServedModel {
  /** `owner/name`. */
  readonly name: string;
  readonly directory: string;
  readonly config: ModelConfig;
  readonly parameterCount: number;
  /** What it takes in memory once it is loaded. */
  readonly bytes: number;
  /** SPDX id from the model's README, when it has one. */
  readonly license: string | null;
  /** What was done with it since the server started. */
  readonly tally = { trainedTokens: 0, sampledTokens: 0 };
  private readonly options: EngineOptions;
  private readonly hooks: LoadHooks;
  private opening: Promise<Engine> | null = null;
  private opened: Engine | null = null;
  private knownTokenizer: ChatTokenizer | null = null;
  private knownEndTokens: number[] | null = null;

  /** @throws Error with the sentence why it cannot be served */
  constructor(name: string, directory: string, options: EngineOptions, hooks: LoadHooks = {}) {
    const { config, parameterCount, bytes } = inspectFolder(name, directory, options);
    this.name = name;
    this.directory = directory;
    this.config = config;
    this.parameterCount = parameterCount;
    this.bytes = bytes;
    this.license = licenseOf(directory);
    this.options = options;
    this.hooks = hooks;
  }

  get state(): "on_disk" | "loading" | "ready" {
    if (this.opened) return "ready";
    return this.opening ? "loading" : "on_disk";
  }

  /** The engine of a model that was loaded: one with an adapter in it, or one that is being sampled. */
  get engine(): Engine {
    if (!this.opened) throw new Error(`The model ${this.name} is not loaded.`);
    return this.opened;
  }

  get tokenizer(): ChatTokenizer {
    return (this.knownTokenizer ??= ChatTokenizer.open(this.directory));
  }

  /** Tokens that end an answer. */
  get endTokens(): number[] {
    return (this.knownEndTokens ??= endTokensOf(this.directory, this.tokenizer));
  }

  /**
   * The engine with the weights in memory. All who ask wait for one load; after a failure the next one tries again.
   *
   * @throws Error when the weights cannot be read, WireError 503 when there is no room for them
   */
  load(): Promise<Engine> {
    this.opening ??= this.open().then(
      (engine) => (this.opened = engine),
      (error: unknown) => {
        this.opening = null;
        throw error;
      },
    );
    return this.opening;
  }

  /** Bytes that an adapter of this rank takes in memory. */
  adapterBytes(rank: number): { untrained: number; trained: number } {
    return adapterBytes(this.config, rank, this.options.threads);
  }

  async close(): Promise<void> {
    const engine = await this.opening?.catch(() => null);
    await engine?.close();
  }

  private async open(): Promise<Engine> {
    this.hooks.makeRoom?.(this.bytes);
    const engine = await Engine.open(this.directory, this.options);
    this.hooks.onLoaded?.(engine.memoryBytes());
    return engine;
  }
}

function endTokensOf(directory: string, tokenizer: ChatTokenizer): number[] {
  const ids = new Set<number>();
  if (tokenizer.endToken !== null) ids.add(tokenizer.endToken);
  for (const file of ["generation_config.json", "config.json"]) {
    const full = path.join(directory, file);
    if (!existsSync(full)) continue;
    const { eos_token_id: end } = endTokensSchema.parse(JSON.parse(readFileSync(full, "utf8")));
    for (const id of [end ?? []].flat()) ids.add(id);
  }
  return [...ids];
}

function licenseOf(directory: string): string | null {
  const readme = path.join(directory, "README.md");
  if (!existsSync(readme)) return null;
  const [, header = ""] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(readme, "utf8")) ?? [];
  return /^license:\s*["']?([\w.-]+)/m.exec(header)?.[1] ?? null;
}
