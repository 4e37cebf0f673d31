import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { REQUIREMENTS } from "@/e2e/requirements";

const e2e = path.resolve(import.meta.dirname, "../../e2e");

test("every requirement is cited by a browser test", () => {
  const specs = readdirSync(e2e)
    .filter((name) => name.endsWith(".spec.ts"))
    .map((name) => readFileSync(path.join(e2e, name), "utf8"))
    .join("\n");
  const uncited = Object.keys(REQUIREMENTS).filter((id) => !specs.includes(`"${id}"`));
  expect(uncited).toEqual([]);
});
