import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { tarOf } from "./tar";

test("tar reads back what was put in", () => {
  const files = [
    { name: "empty", body: new Uint8Array() },
    { name: "one-block", body: Buffer.alloc(512, "a") },
    { name: "odd.json", body: Buffer.from("{}\n") },
  ];
  const archive = tarOf(files, Date.UTC(2026, 0, 2));
  const tar = (...flags: string[]) => execFileSync("tar", flags, { input: archive });
  expect(tar("-tf", "-").toString().trim().split("\n")).toEqual(files.map(({ name }) => name));
  for (const { name, body } of files)
    expect(tar("-xOf", "-", name).equals(Buffer.from(body)), name).toBe(true);
  expect(tar("--utc", "-tvf", "-").toString()).toContain("2026-01-02");
});
