import "fake-indexeddb/auto";
import { deleteDB, openDB } from "idb";
import { expect, test } from "vitest";
import { unknownTraits } from "@/lib/doctor/traits";
import { openDatabase } from "./database";
import { findServer, learnOfServer } from "./servers";

const NAME = "twinkle-studio";

test("a database of the first version keeps its records and gets the store of servers", async () => {
  await deleteDB(NAME);
  const first = await openDB(NAME, 1, {
    upgrade(database) {
      for (const [store, keyPath] of [
        ["runs", "key"],
        ["datasets", "id"],
        ["token-sets", "id"],
        ["conversations", "id"],
      ] as const)
        database.createObjectStore(store, { keyPath });
    },
  });
  await first.put("datasets", { id: "d1", name: "kept" });
  first.close();
  const database = await openDatabase();
  expect(await database.get("datasets", "d1")).toMatchObject({ name: "kept" });
  expect(await findServer("http://a")).toBeNull();
});

test("findings of one server are laid over earlier ones, and its last examination stays", async () => {
  const report = { baseModel: "a/b", startedAt: 1, lines: [], leftBehind: [] };
  await learnOfServer("http://a", {
    features: { chat: { has: false, learnedAt: 1 }, seed: { has: true, learnedAt: 1 } },
    report: { ...report, traits: unknownTraits() },
  });
  await learnOfServer("http://a", { features: { chat: { has: true, learnedAt: 2 } } });
  expect(await findServer("http://a")).toMatchObject({
    features: { chat: { has: true, learnedAt: 2 }, seed: { has: true, learnedAt: 1 } },
    report,
  });
  expect(await findServer("http://b")).toBeNull();
});

test("findings that come at the same time are all kept", async () => {
  await Promise.all([
    learnOfServer("http://c", { features: { publish: { has: false, learnedAt: 1 } } }),
    learnOfServer("http://c", { features: { delete: { has: false, learnedAt: 1 } } }),
  ]);
  expect(Object.keys((await findServer("http://c"))?.features ?? {})).toEqual([
    "publish",
    "delete",
  ]);
});
