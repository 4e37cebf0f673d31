import { bytesOf, ChunkedWriter, type FileStore } from "./file-store";

/** Where a usable row lies in its file, in bytes. */
export interface RowPlace {
  line: number;
  start: number;
  size: number;
}

export interface StoredRow {
  line: number;
  bytes: Uint8Array;
}

export interface DatasetFile {
  readonly sizeBytes: number;
  readonly rowCount: number;
  /** Rows `from` to `from + count - 1` in order, in blocks of rows that lie close together. */
  blocks(from: number, count: number): AsyncGenerator<StoredRow[]>;
  /** Line of each usable row. */
  lines(): Promise<Int32Array>;
}

/** Row index: line, start and size of each usable row. */
const INDEX_FIELDS = 3;
const INDEX_ROW_BYTES = INDEX_FIELDS * Float64Array.BYTES_PER_ELEMENT;
const INDEX_ROWS_A_READ = 4096;
const BLOCK_BYTES = 1024 * 1024;

export function datasetFolder(datasetId: string): string {
  return `datasets/${datasetId}`;
}

/** Writes a dataset's file and, beside it, the places of its usable rows. */
export async function createDatasetFile(store: FileStore, datasetId: string) {
  const source = new ChunkedWriter(await store.create(`${datasetFolder(datasetId)}/source`));
  const index = new ChunkedWriter(await store.create(`${datasetFolder(datasetId)}/rows`));
  return {
    addBytes: (bytes: Uint8Array) => source.write(bytes),
    addRow: ({ line, start, size }: RowPlace) =>
      index.write(bytesOf(Float64Array.of(line, start, size))),
    close() {
      source.close();
      index.close();
    },
    /** Lets go of files that are thrown away. */
    discard() {
      source.discard();
      index.discard();
    },
  };
}

/** @throws StudioError `not_found` */
export async function openDatasetFile(store: FileStore, datasetId: string): Promise<DatasetFile> {
  const source = await store.open(`${datasetFolder(datasetId)}/source`);
  const index = await store.open(`${datasetFolder(datasetId)}/rows`);
  const rowCount = index.size / INDEX_ROW_BYTES;

  async function readPlaces(from: number, count: number): Promise<RowPlace[]> {
    const bytes = await index.read(from * INDEX_ROW_BYTES, count * INDEX_ROW_BYTES);
    const fields = new Float64Array(bytes.buffer);
    return Array.from({ length: fields.length / INDEX_FIELDS }, (_, row) => {
      const [line = 0, start = 0, size = 0] = fields.subarray(row * INDEX_FIELDS);
      return { line, start, size };
    });
  }

  async function readBlock(places: RowPlace[]): Promise<StoredRow[]> {
    const start = places[0]?.start ?? 0;
    const last = places.at(-1);
    const end = last ? last.start + last.size : start;
    const bytes = await source.read(start, end - start);
    return places.map((place) => ({
      line: place.line,
      bytes: bytes.subarray(place.start - start, place.start - start + place.size),
    }));
  }

  return {
    sizeBytes: source.size,
    rowCount,
    async *blocks(from, count) {
      const end = Math.min(rowCount, from + count);
      for (let row = from; row < end; row += INDEX_ROWS_A_READ) {
        const places = await readPlaces(row, Math.min(INDEX_ROWS_A_READ, end - row));
        for (const block of closeTogether(places)) yield readBlock(block);
      }
    },
    lines: async () => Int32Array.from(await readPlaces(0, rowCount), (place) => place.line),
  };
}

/** Groups places that one read can cover; a row larger than a block is a group of its own. */
function closeTogether(places: RowPlace[]): RowPlace[][] {
  const groups: RowPlace[][] = [];
  for (const place of places) {
    const group = groups.at(-1);
    const start = group?.[0]?.start ?? 0;
    if (group && place.start + place.size - start <= BLOCK_BYTES) group.push(place);
    else groups.push([place]);
  }
  return groups;
}
