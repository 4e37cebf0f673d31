import { refusal } from "../http/errors";

const MIB = 1024 * 1024;

/** Something that holds memory and can give some of it back. */
export interface MemoryHolder {
  /** Bytes in use now, promised ones too. */
  bytes: () => number;
  /** Frees what was idle longest; false when there is nothing to free. */
  freeOne: () => boolean;
}

/** The limit that models and adapters share. */
export class Memory {
  readonly maxBytes: number;
  private readonly holders: MemoryHolder[] = [];

  constructor({ maxBytes }: { maxBytes: number }) {
    this.maxBytes = maxBytes;
  }

  /** Holders are asked to free something in the order in which they were added. */
  addHolder(holder: MemoryHolder): void {
    this.holders.push(holder);
  }

  usedBytes(): number {
    return this.holders.reduce((sum, holder) => sum + holder.bytes(), 0);
  }

  /**
   * Frees idle things until so many bytes fit besides what is in use.
   *
   * @throws WireError 503 when that does not suffice
   */
  makeRoom(bytes: number): void {
    while (this.usedBytes() + bytes > this.maxBytes) {
      if (this.holders.some((holder) => holder.freeOne())) continue;
      const [wanted, used, most] = [bytes, this.usedBytes(), this.maxBytes].map(inMib);
      throw refusal(
        503,
        `There is no room for ${wanted} MiB more: ${used} of ${most} MiB are in use. Try again later, unload a model, or start the server with a larger --max-memory.`,
      );
    }
  }
}

function inMib(bytes: number): number {
  return Math.ceil(bytes / MIB);
}
