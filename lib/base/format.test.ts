import { expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration, formatLearningRate, formatLoss } from "./format";

test("durations show hours only when there are any", () => {
  expect(formatDuration(288_000)).toBe("4:48");
  expect(formatDuration(3_727_000)).toBe("1:02:07");
  expect(formatDuration(-5)).toBe("0:00");
});

test("bytes keep one decimal below a hundred", () => {
  expect(formatBytes(812)).toBe("812 B");
  expect(formatBytes(4_240)).toBe("4.2 kB");
  expect(formatBytes(270_000_000)).toBe("270 MB");
});

test("small losses and learning rates stay readable", () => {
  expect(formatLoss(0.4123)).toBe("0.412");
  expect(formatLoss(0.00004)).toBe("4.0e-5");
  expect(formatLearningRate(0.000034)).toBe("3.4e-5");
  expect(formatLearningRate(0.002)).toBe("0.002");
});

test("counts are shortened from ten thousand on", () => {
  expect(formatCount(987)).toBe("987");
  expect(formatCount(9_999)).toBe("9,999");
  expect(formatCount(12_345)).toBe("12.3k");
  expect(formatCount(1_400_000)).toBe("1.4M");
});
