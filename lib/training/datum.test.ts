import { expect, test } from "vitest";
import { cutStart, splitBatch, toDatum } from "./datum";
import { lossOfRow, meanLoss } from "./loss";

const row = (length: number) => ({
  tokens: Int32Array.from({ length }, (_, at) => at + 1),
  weights: Uint8Array.from({ length }, (_, at) => (at < 2 ? 0 : 1)),
});

test("each token but the last predicts the next, with the weight of what it predicts", () => {
  expect(toDatum(row(4))).toEqual({
    model_input: { chunks: [{ type: "encoded_text", tokens: [1, 2, 3] }] },
    loss_fn_inputs: {
      target_tokens: { data: [2, 3, 4], dtype: "int64", shape: [3] },
      weights: { data: [0, 1, 1], dtype: "float32", shape: [3] },
    },
  });
});

test("cutting keeps the end of a row", () => {
  expect(Array.from(cutStart(row(5), 3).tokens)).toEqual([3, 4, 5]);
  const short = row(3);
  expect(cutStart(short, 3)).toBe(short);
});

test("a batch is split by whole rows, in order, and a giant row stands alone", () => {
  const calls = splitBatch([row(8_000), row(8_000), row(100), row(20_000), row(5)]);
  expect(calls.map((call) => call.map(({ tokens }) => tokens.length))).toEqual([
    [8_000],
    [8_000, 100],
    [20_000],
    [5],
  ]);
  expect(splitBatch([])).toEqual([]);
});

test("the loss is the mean over trained tokens, blind to what stands elsewhere", () => {
  const first = lossOfRow([Number.NaN, -2, -4], [0, 1, 1]);
  const second = lossOfRow([-9], [1]);
  expect(first).toEqual({ nats: 6, trainedTokens: 2 });
  expect(meanLoss([first, second].filter((sum) => sum !== null))).toBe(5);
});

test("a NaN at a trained token shows, a batch that trains nothing has no loss, missing logprobs are missing", () => {
  expect(lossOfRow([Number.NaN], [1])?.nats).toBeNaN();
  expect(meanLoss([{ nats: 0, trainedTokens: 0 }])).toBe(0);
  expect(lossOfRow(null, [1])).toBeNull();
  expect(lossOfRow([-1], [1, 1])).toBeNull();
});
