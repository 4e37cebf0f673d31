import { expect, test } from "vitest";
import { csvSplitter } from "./csv-splitter";
import { parseHubAddress } from "./hub-address";
import { fillPlaceholders, placeholdersIn } from "./placeholders";

test("an address names its hub by a prefix, and ModelScope without one", () => {
  expect(parseHubAddress("ms://swift/self-cognition")).toEqual({
    hub: "modelscope",
    id: "swift/self-cognition",
  });
  expect(parseHubAddress(" a/b ")).toEqual({ hub: "modelscope", id: "a/b" });
  expect(parseHubAddress("hf://a/b")).toEqual({ hub: "huggingface", id: "a/b" });
  for (const page of [
    "https://www.modelscope.cn/datasets/swift/self-cognition",
    "modelscope.ai/datasets/swift/self-cognition/files?view=2",
    " http://modelscope.cn/datasets/swift/self-cognition#files ",
  ])
    expect(parseHubAddress(page)).toEqual({ hub: "modelscope", id: "swift/self-cognition" });
  for (const page of ["https://huggingface.co/datasets/a/b/tree/main", "hf.co/datasets/a/b"])
    expect(parseHubAddress(page)).toEqual({ hub: "huggingface", id: "a/b" });
  for (const bad of ["https://www.modelscope.cn/models/a/b", "https://huggingface.co/datasets/a"])
    expect(parseHubAddress(bad)).toBeNull();
  for (const bad of ["", "a", "a/b/c", "../b", "https://a/b", "ms://a/..", "data.jsonl"])
    expect(parseHubAddress(bad)).toBeNull();
});

test("placeholders are found once each, and filled in so that a row stays JSON", () => {
  const line = JSON.stringify({
    query: "{{NAME}}?",
    response: "{{NAME}} by {{ AUTHOR }}, {{name}}",
  });
  expect(placeholdersIn(line)).toEqual(["NAME", "AUTHOR"]);
  const filled = fillPlaceholders(line, { NAME: 'A "B"\n$&' });
  expect(JSON.parse(filled)).toEqual({
    query: 'A "B"\n$&?',
    response: 'A "B"\n$& by {{ AUTHOR }}, {{name}}',
  });
});

test("a table is cut into the same rows wherever its bytes are", () => {
  const table = new TextEncoder().encode('q,a\r\n"1, ""é""\r\n",x\n\n2,"y"');
  const rows = [
    { q: '1, "é"\r\n', a: "x" },
    { q: "2", a: "y" },
  ];
  for (let cut = 0; cut <= table.length; cut++) {
    const splitter = csvSplitter();
    const records = [
      ...splitter.push(table.subarray(0, cut)),
      ...splitter.push(table.subarray(cut)),
      ...splitter.end(),
    ];
    expect(
      records.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes!)) as unknown),
    ).toEqual(rows);
  }
});
