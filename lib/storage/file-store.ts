/** Paths are names joined by `/`; folders come into being with their files. */
export interface FileStore {
  /** Starts a file anew. One writer at a time. */
  create(path: string): Promise<FileSink>;
  /** @throws StudioError `not_found` */
  open(path: string): Promise<FileSource>;
  /** Removes a file, or a folder with all that is in it; nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Names in a folder; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
}

export interface FileSink {
  /** Appends. @throws StudioError `storage_full` when the browser's quota is used up */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Any number of readers may be open on a file that is no longer written. */
interface FileSource {
  readonly size: number;
  /** Bytes from `start`, fewer at the end of the file. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

const CHUNK_BYTES = 1024 * 1024;

/** Gathers small writes into chunks of about a mebibyte: storage takes few large writes far faster than many small ones. */
export class ChunkedWriter {
  readonly #file: FileSink;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #used = 0;

  constructor(file: FileSink) {
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    if (this.#used + bytes.length > CHUNK_BYTES) this.#flush();
    if (bytes.length >= CHUNK_BYTES) {
      this.#file.write(bytes);
      return;
    }
    this.#chunk.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Writes what is left and closes the file. */
  close(): void {
    this.#flush();
    this.#file.close();
  }

  /** Closes a file that is thrown away. */
  discard(): void {
    this.#file.close();
  }

  #flush(): void {
    if (this.#used > 0) this.#file.write(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** The bytes of a typed array, not copied. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
