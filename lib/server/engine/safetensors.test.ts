import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { encodeSafetensors, SafetensorsReader, writeSafetensors } from "./safetensors";

const VALUES = Float32Array.of(0, 1, -1.5, 3.1415927, 1e-20, -65504);

function aPath(): string {
  return join(mkdtempSync(join(tmpdir(), "tensors-")), "file.safetensors");
}

function readAll(path: string, name: string): Float32Array {
  const reader = new SafetensorsReader(path);
  const shape = reader.tensors.get(name)?.shape ?? [];
  const target = new Float32Array(shape.reduce((product, size) => product * size, 1));
  reader.read(name, target);
  reader.close();
  return target;
}

/** A file whose one tensor has the given type and bytes. */
function aFile(dtype: string, bytes: Uint8Array, shape: number[]): string {
  const header = JSON.stringify({ x: { dtype, shape, data_offsets: [0, bytes.length] } });
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  const path = aPath();
  writeFileSync(path, Buffer.concat([length, Buffer.from(header), bytes]));
  return path;
}

test("32-bit tensors come back exactly, with their shapes and in any order", () => {
  const path = aPath();
  writeSafetensors(
    path,
    [
      { name: "first", shape: [2, 3], data: VALUES },
      { name: "second", shape: [1], data: Float32Array.of(7) },
    ],
    "F32",
  );
  expect(readAll(path, "second")).toEqual(Float32Array.of(7));
  expect(readAll(path, "first")).toEqual(VALUES);
});

test("bfloat16 keeps eight bits of precision and rounds to even", () => {
  const path = aPath();
  const data = Float32Array.of(1, 1.00390625, 1.01171875, 3.1415927, -2);
  writeSafetensors(path, [{ name: "x", shape: [5], data }], "BF16");
  expect([...readAll(path, "x")]).toEqual([1, 1, 1.015625, 3.140625, -2]);
});

test("half precision is read, with subnormal and infinite values", () => {
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555);
  const path = aFile("F16", new Uint8Array(bits.buffer), [5]);
  const [one, minusTwo, smallest, infinite, third] = readAll(path, "x");
  expect([one, minusTwo, smallest, infinite]).toEqual([1, -2, 2 ** -24, Infinity]);
  expect(third).toBeCloseTo(1 / 3, 3);
});

test("a part of a tensor can be read by itself", () => {
  const path = aPath();
  writeSafetensors(path, [{ name: "x", shape: [6], data: VALUES }], "F32");
  const reader = new SafetensorsReader(path);
  const part = new Float32Array(2);
  reader.read("x", part, 2, 2);
  expect(part).toEqual(VALUES.slice(2, 4));
  expect(() => reader.read("x", part, 5, 2)).toThrow(/shorter than expected/);
  expect(() => reader.read("y", part)).toThrow(/no tensor "y"/);
  reader.close();
});

test("files that are cut short or something else are refused", () => {
  const file = encodeSafetensors([{ name: "x", shape: [6], data: VALUES }], "F32");
  const cut = aPath();
  writeFileSync(cut, file.subarray(0, file.length - 4));
  expect(() => new SafetensorsReader(cut)).toThrow(/malformed or the file is cut short/);
  const text = aPath();
  writeFileSync(text, "version https://git-lfs.github.com/spec/v1");
  expect(() => new SafetensorsReader(text)).toThrow(/not a safetensors file/);
});

test("integer tensors are refused by name", () => {
  const path = aFile("I64", new Uint8Array(8), [1]);
  expect(() => readAll(path, "x")).toThrow(/"x" is I64; only F32, BF16 and F16/);
});
