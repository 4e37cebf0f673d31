/* As much of the browser's file system as the studio uses, for tests outside of browsers. */

interface FakeFolder {
  entries: Map<string, FakeFolder | FakeFile>;
}
interface FakeFile {
  bytes: Uint8Array<ArrayBuffer>;
  isBeingWritten: boolean;
}

/** A `navigator` whose files live in memory; writing beyond `quotaBytes` takes only what fits, then fails as browsers do. */
export function fakeNavigator({ quotaBytes = Infinity }: { quotaBytes?: number } = {}) {
  const root: FakeFolder = { entries: new Map() };
  return { storage: { getDirectory: () => Promise.resolve(folderHandle(root, root, quotaBytes)) } };
}

function folderHandle(folder: FakeFolder, root: FakeFolder, quotaBytes: number) {
  function entry<T extends FakeFolder | FakeFile>(name: string, made: T, create: boolean): T {
    const found = folder.entries.get(name) ?? (create ? made : undefined);
    if (!found) throw new DOMException(`${name} is not there`, "NotFoundError");
    folder.entries.set(name, found);
    return found as T;
  }
  return {
    async getDirectoryHandle(name: string, { create = false } = {}): Promise<unknown> {
      const inner = await Promise.resolve(entry<FakeFolder>(name, { entries: new Map() }, create));
      return folderHandle(inner, root, quotaBytes);
    },
    async getFileHandle(name: string, { create = false } = {}) {
      const made: FakeFile = { bytes: new Uint8Array(0), isBeingWritten: false };
      return fileHandle(await Promise.resolve(entry(name, made, create)), root, quotaBytes);
    },
    async removeEntry(name: string) {
      const found = await Promise.resolve(
        entry<FakeFolder | FakeFile>(name, { entries: new Map() }, false),
      );
      if (hasOpenFile(found)) throw new DOMException("locked", "NoModificationAllowedError");
      folder.entries.delete(name);
    },
    async *keys() {
      for (const name of folder.entries.keys()) yield await Promise.resolve(name);
    },
  };
}

function fileHandle(file: FakeFile, root: FakeFolder, quotaBytes: number) {
  return {
    getFile: () => Promise.resolve(new Blob([file.bytes])),
    createSyncAccessHandle() {
      if (file.isBeingWritten) throw new DOMException("locked", "NoModificationAllowedError");
      file.isBeingWritten = true;
      return Promise.resolve({
        truncate(size: number) {
          file.bytes = file.bytes.slice(0, size);
        },
        write(bytes: Uint8Array, { at }: { at: number }) {
          const fitting = Math.min(bytes.length, quotaBytes - usedBytes(root));
          if (fitting <= 0) throw new DOMException("no room", "QuotaExceededError");
          const after = new Uint8Array(Math.max(file.bytes.length, at + fitting));
          after.set(file.bytes);
          after.set(bytes.subarray(0, fitting), at);
          file.bytes = after;
          return fitting;
        },
        close() {
          file.isBeingWritten = false;
        },
      });
    },
  };
}

function usedBytes(entry: FakeFolder | FakeFile): number {
  if ("bytes" in entry) return entry.bytes.length;
  return [...entry.entries.values()].reduce((sum, inner) => sum + usedBytes(inner), 0);
}

function hasOpenFile(entry: FakeFolder | FakeFile): boolean {
  return "bytes" in entry ? entry.isBeingWritten : [...entry.entries.values()].some(hasOpenFile);
}
