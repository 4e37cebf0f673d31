import type { TokenRow, TokenRows } from "@/lib/dataset/types";
import { bytesOf, ChunkedWriter, type FileStore } from "./file-store";
import { opfsFileStore } from "./opfs-file-store";

/** Set in a stored token that is trained; ids need far fewer bits. */
const TRAINED_FLAG = 1 << 30;

/** Length, trained tokens and line of each row, one array after the other. */
const ROW_ARRAYS = 3;

export function tokenSetFolder(tokenSetId: string): string {
  return `tokens/${tokenSetId}`;
}

/** Writes token rows one after the other, and what is known of each row at the end. */
export async function createTokenSetFile(store: FileStore, tokenSetId: string) {
  const tokens = new ChunkedWriter(await store.create(`${tokenSetFolder(tokenSetId)}/tokens`));
  const rows = new ChunkedWriter(await store.create(`${tokenSetFolder(tokenSetId)}/rows`));
  const lengths: number[] = [];
  const trained: number[] = [];
  const lines: number[] = [];

  return {
    lengths,
    trained,
    add(line: number, row: TokenRow) {
      const packed = row.tokens.map((id, at) => (row.weights[at] ? id | TRAINED_FLAG : id));
      tokens.write(bytesOf(packed));
      lengths.push(row.tokens.length);
      trained.push(row.weights.reduce((sum, weight) => sum + weight, 0));
      lines.push(line);
    },
    close() {
      tokens.close();
      for (const array of [lengths, trained, lines]) rows.write(bytesOf(Int32Array.from(array)));
      rows.close();
    },
    /** Lets go of files that are thrown away. */
    discard() {
      tokens.discard();
      rows.discard();
    },
  };
}

/**
 * A token set for random access; works in every page and worker.
 *
 * @throws StudioError `not_found` when its files are gone, `unsupported_browser` without OPFS
 */
export async function openTokenRows(
  tokenSetId: string,
  store: FileStore = opfsFileStore(),
): Promise<TokenRows> {
  const tokens = await store.open(`${tokenSetFolder(tokenSetId)}/tokens`);
  const rows = await store.open(`${tokenSetFolder(tokenSetId)}/rows`);
  const arrays = new Int32Array((await rows.read(0, rows.size)).buffer);
  const rowCount = arrays.length / ROW_ARRAYS;
  const lengths = arrays.subarray(0, rowCount);
  const starts = startsOf(lengths);

  async function readRow(row: number): Promise<TokenRow> {
    const start = (starts[row] ?? 0) * Int32Array.BYTES_PER_ELEMENT;
    const bytes = await tokens.read(start, (lengths[row] ?? 0) * Int32Array.BYTES_PER_ELEMENT);
    const packed = new Int32Array(bytes.buffer);
    return {
      tokens: packed.map((token) => token & ~TRAINED_FLAG),
      weights: Uint8Array.from(packed, (token) => (token & TRAINED_FLAG ? 1 : 0)),
    };
  }

  return {
    rowCount,
    lengths,
    trained: arrays.subarray(rowCount, 2 * rowCount),
    lines: arrays.subarray(2 * rowCount),
    read: (wanted) => Promise.all(Array.from(wanted, readRow)),
  };
}

function startsOf(lengths: Int32Array): Float64Array {
  const starts = new Float64Array(lengths.length);
  for (let row = 1; row < lengths.length; row++) {
    starts[row] = (starts[row - 1] ?? 0) + (lengths[row - 1] ?? 0);
  }
  return starts;
}
