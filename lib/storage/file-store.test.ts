import { afterEach, describe, expect, test, vi } from "vitest";
import { ChunkedWriter, type FileStore } from "./file-store";
import { fakeNavigator } from "./fake-opfs";
import { memoryFileStore } from "./memory-file-store";
import { opfsFileStore } from "./opfs-file-store";

const bytes = (...values: number[]) => Uint8Array.from(values);

async function write(store: FileStore, path: string, ...parts: Uint8Array[]): Promise<void> {
  const file = await store.create(path);
  for (const part of parts) file.write(part);
  file.close();
}

async function readAll(store: FileStore, path: string): Promise<number[]> {
  const file = await store.open(path);
  return [...(await file.read(0, file.size))];
}

const STORES: [string, (options?: { quotaBytes: number }) => FileStore][] = [
  ["memory", memoryFileStore],
  [
    "OPFS",
    (options) => {
      vi.stubGlobal("navigator", fakeNavigator(options));
      return opfsFileStore();
    },
  ],
];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(STORES)("a file store in %s", (_name, make) => {
  test("gives back what was appended, whole or in part", async () => {
    const store = make();
    await write(store, "a/b/file", bytes(1, 2, 3), bytes(), bytes(4, 5));
    const file = await store.open("a/b/file");
    expect(file.size).toBe(5);
    expect([...(await file.read(1, 3))]).toEqual([2, 3, 4]);
    expect([...(await file.read(4, 100))]).toEqual([5]);
    expect((await file.read(2, 0)).buffer.byteLength).toBe(0);
  });

  test("starts a file anew", async () => {
    const store = make();
    await write(store, "file", bytes(1, 2, 3));
    await write(store, "file", bytes(4));
    expect(await readAll(store, "file")).toEqual([4]);
  });

  test("keeps what was read apart from what is written later", async () => {
    const store = make();
    await write(store, "file", bytes(1));
    const read = await (await store.open("file")).read(0, 1);
    read[0] = 9;
    expect(await readAll(store, "file")).toEqual([1]);
  });

  test("lists the names in a folder, and nothing where there is none", async () => {
    const store = make();
    await write(store, "folder/one/file", bytes(1));
    await write(store, "folder/two/file", bytes(1));
    expect((await store.list("folder")).sort()).toEqual(["one", "two"]);
    expect(await store.list("elsewhere")).toEqual([]);
  });

  test("removes a file or a whole folder, and does not mind when it is gone", async () => {
    const store = make();
    await write(store, "folder/one/file", bytes(1));
    await write(store, "folder/one/other", bytes(1));
    await store.remove("folder/one/other");
    expect(await store.list("folder/one")).toEqual(["file"]);
    await store.remove("folder/one");
    expect(await store.list("folder")).toEqual([]);
    await store.remove("folder/one");
    await store.remove("elsewhere/file");
    await expect(store.open("folder/one/file")).rejects.toMatchObject({ code: "not_found" });
  });

  test("says that it is full, and has room again after a removal", async () => {
    const store = make({ quotaBytes: 10 });
    const file = await store.create("folder/file");
    file.write(bytes(1, 2, 3, 4, 5, 6));
    expect(() => file.write(bytes(1, 2, 3, 4, 5, 6))).toThrowError(
      expect.objectContaining({ code: "storage_full" }) as Error,
    );
    file.close();
    await store.remove("folder");
    await write(store, "folder/file", bytes(1, 2, 3, 4, 5, 6));
  });

  test("takes small writes as chunks without losing or turning any", async () => {
    const store = make();
    const writer = new ChunkedWriter(await store.create("file"));
    const large = new Uint8Array(1_500_000).fill(7);
    const parts = [bytes(1, 2), large, bytes(3), new Uint8Array(900_000).fill(8), large, bytes(4)];
    for (const part of parts) writer.write(part);
    writer.close();
    const file = await store.open("file");
    const read = Buffer.from(await file.read(0, file.size));
    expect(read.equals(Buffer.concat(parts))).toBe(true);
  });
});

test.each([
  ["no OPFS", {}],
  ["no storage at all", { storage: undefined }],
  [
    "OPFS refused",
    { storage: { getDirectory: () => Promise.reject(new DOMException("no", "SecurityError")) } },
  ],
])("a browser with %s is told what it lacks", async (_name, navigator) => {
  vi.stubGlobal("navigator", navigator);
  await expect(opfsFileStore().create("file")).rejects.toMatchObject({
    code: "unsupported_browser",
    details: { missing: "OPFS" },
  });
});
