import fc from "fast-check";
import { expect, test } from "vitest";

import { StopScanner } from "./stop-scanner";

function scan(stops: string[], parts: string[]): { shown: string; isStopped: boolean } {
  const scanner = new StopScanner(stops);
  let shown = "";
  for (const part of parts) {
    const { text, isStopped } = scanner.push(part);
    shown += text;
    if (isStopped) return { shown, isStopped };
  }
  return { shown: shown + scanner.flush(), isStopped: false };
}

test("however the text is cut, what is shown ends before the first stop string", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
  const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 6 }), stop, (parts, end) => {
      const text = parts.join("");
      const at = text.indexOf(end);
      expect(scan([end], parts)).toEqual({
        shown: at === -1 ? text : text.slice(0, at),
        isStopped: at !== -1,
      });
    }),
  );
});

test("only what may begin a stop string is held back", () => {
  const scanner = new StopScanner(["\n\n", "END"]);
  expect(scanner.push("one E")).toEqual({ text: "one ", isStopped: false });
  expect(scanner.push("asy")).toEqual({ text: "Easy", isStopped: false });
  expect(scanner.push("\n")).toEqual({ text: "", isStopped: false });
  expect(scanner.push("\nrest")).toEqual({ text: "", isStopped: true });
});

test("an empty stop string stops nothing", () => {
  expect(scan([""], ["abc"])).toEqual({ shown: "abc", isStopped: false });
});
