import { afterEach, beforeEach, expect, vi } from "vitest";

const unexpected = vi.spyOn(console, "error");

beforeEach(() => unexpected.mockClear());
afterEach(() => {
  expect(unexpected.mock.calls, "console.error was called").toEqual([]);
});
