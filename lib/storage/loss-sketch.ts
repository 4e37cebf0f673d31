import { openDatabase, toStorageError } from "./database";

/** Steps that are averaged around each point, so that one odd batch does not draw a spike. */
const AROUND = 2;

/**
 * Losses at `count` places spread over the first `steps` steps of a run, without reading all of them.
 * Fewer where the run has fewer steps.
 */
export async function readLossSketch(key: string, steps: number, count: number): Promise<number[]> {
  try {
    const database = await openDatabase();
    const places = Math.min(steps, count);
    const losses = await Promise.all(
      Array.from({ length: places }, async (_, place) => {
        const step = places === 1 ? 1 : 1 + Math.round((place * (steps - 1)) / (places - 1));
        const near = IDBKeyRange.bound([key, step - AROUND], [key, step + AROUND]);
        const points = await database.getAll("steps", near);
        return points.reduce((sum, { loss }) => sum + (loss ?? Number.NaN), 0) / points.length;
      }),
    );
    return losses.filter(Number.isFinite);
  } catch (cause) {
    throw toStorageError(cause);
  }
}
