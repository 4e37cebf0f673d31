import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { aModelDirectory, TINY_CONFIG } from "./testing/tiny-model";
import { checkWeightFiles, WeightFiles } from "./weight-files";

const NORM = "model.norm.weight";

function anIndex(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "weight-files-"));
  writeFileSync(join(directory, "model.safetensors.index.json"), text);
  return directory;
}

test("a tensor is the same in one file and in shards", () => {
  const [single, sharded] = [1, 3].map((shards) => {
    const files = new WeightFiles(aModelDirectory(TINY_CONFIG, { shards }));
    const numbers = new Float32Array(32);
    files.read(NORM, [32], numbers);
    files.close();
    return numbers;
  });
  expect(single).toEqual(sharded);
});

test("a shard that is missing is named, with the file that asks for it", () => {
  const directory = aModelDirectory(TINY_CONFIG, { shards: 2 });
  for (const shard of [1, 2]) rmSync(join(directory, `model-${shard}-of-2.safetensors`));
  const read = () => new WeightFiles(directory).read(NORM, [32], new Float32Array(32));
  const message = /has no model-\d-of-2.safetensors, which model.safetensors.index.json names/;
  expect(read).toThrow(message);
  expect(() => checkWeightFiles(directory)).toThrow(message);
});

test("a tensor that no shard holds is named", () => {
  const files = new WeightFiles(aModelDirectory(TINY_CONFIG, { shards: 2 }));
  expect(() => files.read("lm_head.weight", [1], new Float32Array(1))).toThrow(
    /index.json: the tensor "lm_head.weight" is missing/,
  );
});

test.each([
  ["{", /not valid JSON/],
  ["null", /has no weight_map/],
  ['{"weight_map":{}}', /has no weight_map/],
  ['{"weight_map":{"a":"../a.safetensors"}}', /"..\/a.safetensors" is not the name/],
  ['{"weight_map":{"a":7}}', /"7" is not the name/],
])("an index that reads %s is refused", (text, message) => {
  expect(() => new WeightFiles(anIndex(text))).toThrow(message);
});
