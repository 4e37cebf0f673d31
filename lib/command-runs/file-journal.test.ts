import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { aRun, numberedRows } from "@/lib/testing/run-builders";
import { runJournalContract } from "@/lib/testing/run-journal-contract";
import { createFileJournal } from "./file-journal";
import { lockRun } from "./run-lock";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "twinkle-journal-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

runJournalContract("file", () => createFileJournal(path.join(folder, "contract")));

const none = { steps: [], validations: [], log: [] };
const record = aRun(numberedRows(4));

test("a line that a crash cut off counts as never written, and the next one follows the whole ones", async () => {
  const journal = createFileJournal(path.join(folder, "cut"));
  await journal.write({ record, ...none });
  await journal.write({ record: { ...record, step: 1 }, ...none });
  const file = path.join(folder, "cut", "run.jsonl");
  fs.appendFileSync(file, '{"record":{"step":2');

  const after = createFileJournal(path.join(folder, "cut"));
  expect(await after.record("run")).toEqual({ ...record, step: 1 });
  await after.write({ record: { ...record, step: 1, status: "paused" }, ...none });
  expect(await after.record("run")).toEqual({ ...record, step: 1, status: "paused" });
  expect(fs.readFileSync(file, "utf8").split("\n").slice(1)).toEqual([
    '{"record":{"step":1}}',
    '{"record":{"status":"paused"}}',
    "",
  ]);
});

test("a file that is no journal is refused by its line, and left as it is", async () => {
  const file = path.join(folder, "other", "run.jsonl");
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, "name,age\n");
  const journal = createFileJournal(path.dirname(file));
  await expect(journal.write({ record, ...none })).rejects.toThrow(
    `${file}, line 1 is no entry of a journal.`,
  );
  expect(fs.readFileSync(file, "utf8")).toBe("name,age\n");
});

test("a run is driven by one process, and the lock of one that is gone is no hindrance", () => {
  const unlock = lockRun(folder, "run");
  expect(() => lockRun(folder, "run")).toThrow(`Process ${process.pid} drives this run already`);
  unlock();
  fs.writeFileSync(path.join(folder, "run.lock"), String(2 ** 30));
  lockRun(folder, "run")();
  expect(fs.existsSync(path.join(folder, "run.lock"))).toBe(false);
});
