import { expect, test } from "vitest";
import { rangeAnswer } from "./byte-range";

const answer = async (range: string | null) => {
  const response = rangeAnswer(new TextEncoder().encode("0123456789"), range, new Headers());
  const { status, headers } = response;
  return [status, await response.text(), headers.get("content-range")];
};

test.each([
  ["bytes=0-0", 206, "0", "bytes 0-0/10"],
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=7-", 206, "789", "bytes 7-9/10"],
  ["bytes=-2", 206, "89", "bytes 8-9/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["bytes=5-4", 416, "", "bytes */10"],
  ["bytes=-0", 416, "", "bytes */10"],
  [null, 200, "0123456789", null],
  ["bytes=-", 200, "0123456789", null],
  ["bytes=0-1,3-4", 200, "0123456789", null],
  ["lines=0-1", 200, "0123456789", null],
])("a range of %s is answered %i with %j", async (range, status, body, contentRange) => {
  expect(await answer(range)).toEqual([status, body, contentRange]);
});
