import { StudioError } from "@/lib/base/errors";
import { toStorageError } from "./database";
import type { FileStore } from "./file-store";

/**
 * The browser's origin private file system. Reading works in every page and worker, writing only in a dedicated worker.
 *
 * Every call rejects with `unsupported_browser` where the browser has no such file system.
 */
export function opfsFileStore(): FileStore {
  return {
    async create(path) {
      const file = await fileAt(path, { create: true });
      if (!("createSyncAccessHandle" in file)) throw lacking("OPFS createSyncAccessHandle");
      const handle = await guarded(() => file.createSyncAccessHandle());
      const write = (bytes: Uint8Array, at: number) => handle.write(bytes, { at });
      handle.truncate(0);
      let size = 0;
      return {
        write(bytes) {
          for (let done = 0; done < bytes.length;) {
            const written = guardedSync(() => write(bytes.subarray(done), size));
            if (written === 0)
              throw new StudioError("storage_full", "The browser took no more bytes.");
            done += written;
            size += written;
          }
        },
        close: () => handle.close(),
      };
    },

    async open(path) {
      const handle = await fileAt(path, { create: false });
      const file = await guarded(() => handle.getFile());
      return {
        size: file.size,
        read: async (start, length) =>
          new Uint8Array(await guarded(() => file.slice(start, start + length).arrayBuffer())),
      };
    },

    async remove(path) {
      const { folder, name } = split(path);
      const directory = await folderAt(folder, { create: false });
      if (directory) {
        await guarded(() => directory.removeEntry(name, { recursive: true })).catch(unlessNotFound);
      }
    },

    async list(folder) {
      const directory = await folderAt(folder, { create: false });
      const names: string[] = [];
      if (directory) for await (const name of directory.keys()) names.push(name);
      return names;
    },
  };
}

async function fileAt(path: string, options: { create: boolean }): Promise<FileSystemFileHandle> {
  const { folder, name } = split(path);
  const directory = await folderAt(folder, options);
  if (!directory) throw new StudioError("not_found", `There is no file ${path}.`);
  return guarded(() => directory.getFileHandle(name, options));
}

/** Null when it is not there and is not to be created. */
async function folderAt(
  path: string,
  options: { create: boolean },
): Promise<FileSystemDirectoryHandle | null> {
  let directory = await root();
  for (const name of path.split("/").filter(Boolean)) {
    const inner = await guarded(() => directory.getDirectoryHandle(name, options)).catch(
      unlessNotFound,
    );
    if (!inner) return null;
    directory = inner;
  }
  return directory;
}

async function root(): Promise<FileSystemDirectoryHandle> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  if (!storage || !("getDirectory" in storage)) throw lacking("OPFS");
  try {
    return await storage.getDirectory();
  } catch (cause) {
    // Private windows of some browsers have the method and refuse its use.
    throw lacking("OPFS", cause);
  }
}

function lacking(missing: string, cause?: unknown): StudioError {
  return new StudioError("unsupported_browser", `This browser does not offer ${missing}.`, {
    cause,
    details: { missing },
  });
}

async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw toFileError(cause);
  }
}

function guardedSync<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw toFileError(cause);
  }
}

function toFileError(cause: unknown): StudioError {
  if (cause instanceof DOMException && cause.name === "NotFoundError") {
    return new StudioError("not_found", cause.message, { cause });
  }
  return toStorageError(cause);
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof StudioError && error.code === "not_found") return undefined;
  throw error;
}

function split(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf("/");
  return { folder: path.slice(0, at + 1), name: path.slice(at + 1) };
}
