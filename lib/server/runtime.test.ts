import { expect, test } from "vitest";

import { runtime } from "./runtime";

test("tests that are run on the local server's Node have its flags", () => {
  const flags = (process.env["ENGINE_NODE_FLAGS"] ?? "").split(" ").filter(Boolean);
  expect(process.execArgv).toEqual(expect.arrayContaining(flags));
  if (flags.length > 0) expect(runtime.vectorBits).toBe(256);
});
