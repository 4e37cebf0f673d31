import fc from "fast-check";
import { expect, test } from "vitest";

import { TokenTextDecoder } from "./text-decoder";

const fromBytes = (ids: number[]) => new TextDecoder().decode(Uint8Array.from(ids));

function pieces(bytes: Iterable<number>): string[] {
  const decoder = new TokenTextDecoder(fromBytes);
  return [...Array.from(bytes, (byte) => decoder.push(byte)), decoder.flush()];
}

test("every character arrives whole and the pieces are the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const got = pieces(new TextEncoder().encode(text));
      expect(got.join("")).toBe(text);
      expect(got.join("")).not.toContain("\ufffd");
    }),
  );
});

test("a Chinese character appears with its last byte", () => {
  expect(pieces(new TextEncoder().encode("你a"))).toEqual(["", "", "你", "a", ""]);
});

test("a character that was cut at the end is left out", () => {
  const bytes = new TextEncoder().encode("ab你");
  expect(pieces(bytes.slice(0, -1)).join("")).toBe("ab");
});

test("bytes that never form a character are shown instead of waited for", () => {
  expect(pieces([0xff, 0xff, 0xff, 0xff, 0x61]).join("")).toBe("\ufffd\ufffd\ufffd\ufffda");
});

test("a token whose text depends on its neighbour keeps its space", () => {
  const words = ["▁Hello", "▁big", "▁world"];
  const sentencePiece = (ids: number[]) =>
    ids
      .map((id) => words[id])
      .join("")
      .replaceAll("▁", " ")
      .trimStart();
  const decoder = new TokenTextDecoder(sentencePiece);
  expect([0, 1, 2].map((id) => decoder.push(id))).toEqual(["Hello", " big", " world"]);
});
