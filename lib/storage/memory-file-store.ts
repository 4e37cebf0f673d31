import { StudioError } from "@/lib/base/errors";
import type { FileStore } from "./file-store";

/** Files in memory, for places without OPFS. `quotaBytes` bounds all of them together. */
export function memoryFileStore({
  quotaBytes = Infinity,
}: { quotaBytes?: number } = {}): FileStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const usedBytes = () => [...files.values()].reduce((sum, file) => sum + file.length, 0);

  return {
    create: (path) => {
      files.set(path, new Uint8Array(0));
      return Promise.resolve({
        write(bytes) {
          if (usedBytes() + bytes.length > quotaBytes) {
            throw new StudioError("storage_full", "The quota is used up.");
          }
          const before = files.get(path) ?? new Uint8Array(0);
          const after = new Uint8Array(before.length + bytes.length);
          after.set(before);
          after.set(bytes, before.length);
          files.set(path, after);
        },
        close() {},
      });
    },
    open: (path) => {
      const file = files.get(path);
      if (!file) return Promise.reject(new StudioError("not_found", `There is no file ${path}.`));
      return Promise.resolve({
        size: file.length,
        read: (start, length) => Promise.resolve(file.slice(start, start + length)),
      });
    },
    remove: (path) => {
      for (const name of files.keys()) {
        if (name === path || name.startsWith(`${path}/`)) files.delete(name);
      }
      return Promise.resolve();
    },
    list: (folder) => {
      const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
      const names = inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? "");
      return Promise.resolve([...new Set(names)]);
    },
  };
}
