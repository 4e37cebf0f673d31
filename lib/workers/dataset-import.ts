import { fillPlaceholders } from "@/lib/dataset/placeholders";
import { readRecords } from "@/lib/dataset/records";
import { RowReader, type RowBatch } from "@/lib/dataset/row-reader";
import type { RowProblem } from "@/lib/dataset/types";
import { createDatasetFile, datasetFolder } from "@/lib/storage/dataset-files";
import { putDataset } from "@/lib/storage/datasets";
import { whileWriting } from "@/lib/storage/file-lock";
import type { FileStore } from "@/lib/storage/file-store";
import type { DatasetRecord } from "@/lib/storage/types";
import type { CallContext, DatasetCalls } from "./dataset-messages";
import { pauses } from "./dataset-pauses";

/** Problems that a record keeps; the others are only counted. */
export const KEPT_PROBLEMS = 500;

export interface DatasetParts {
  store: FileStore;
  newId: () => string;
  now: () => number;
}

/**
 * Copies a file, with its placeholders filled in, into the browser's storage while its rows are read.
 *
 * The record comes last: an import that fails, or is cancelled, leaves nothing behind.
 */
export function importDataset(
  { file: given, name, source, placeholders }: DatasetCalls["importFile"]["args"],
  { store, newId, now }: DatasetParts,
  { signal, onProgress }: CallContext,
): Promise<DatasetRecord> {
  return whileWriting(
    async () => {
      const id = newId();
      const reader = new RowReader();
      const problems: RowProblem[] = [];
      let rowCount = 0;
      let problemCount = 0;
      let doneBytes = 0;
      const pause = pauses({ signal });

      const file = placeholders
        ? new Blob([fillPlaceholders(await given.text(), placeholders)])
        : given;
      const target = await createDatasetFile(store, id);
      const keep = (batch: RowBatch) => {
        batch.rows.forEach(target.addRow);
        rowCount += batch.rows.length;
        problemCount += batch.problems.length;
        problems.push(...batch.problems.slice(0, KEPT_PROBLEMS - problems.length));
      };
      try {
        const chunks = readRecords(file.stream(), { name, signal });
        for await (const { bytes, readBytes, records } of chunks) {
          target.addBytes(bytes);
          keep(reader.read(records));
          doneBytes += readBytes;
          onProgress({ doneBytes, totalBytes: file.size, rows: rowCount });
          await pause();
        }
        keep(reader.end());
        const summary = reader.summary();
        target.close();
        const record: DatasetRecord = {
          id,
          name,
          ...summary,
          source,
          sizeBytes: file.size,
          rowCount,
          problemCount,
          problems,
          createdAt: now(),
        };
        await putDataset(record);
        return record;
      } catch (error) {
        target.discard();
        await store.remove(datasetFolder(id));
        throw error;
      }
    },
    { signal },
  );
}
