import { readFile, rm, writeFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";

import type { SpanWords } from "../engine/trainable-span";

/** An adapter that is on disk, or on its way there, and not in its engine. */
export class SpilledAdapter {
  private readonly file: string;
  /** Null once they are on disk; a disk that takes no more leaves them here. */
  private words: SpanWords | null;
  private readonly written: Promise<void>;

  constructor(file: string, words: SpanWords) {
    this.file = file;
    this.words = words;
    this.written = writeFile(file, serialize(words)).then(
      () => {
        this.words = null;
      },
      () => undefined,
    );
  }

  async read(): Promise<SpanWords> {
    await this.written;
    return this.words ?? (deserialize(await readFile(this.file)) as SpanWords);
  }

  async discard(): Promise<void> {
    await this.written;
    await rm(this.file, { force: true });
  }
}
