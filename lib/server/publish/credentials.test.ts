import { expect, test } from "vitest";

import { mayCarryToken } from "./credentials";

const may = (hub: string, target: string) => mayCarryToken(new URL(hub), new URL(target));

test("the token goes to the hub and its two storage hosts only", () => {
  const hub = "https://www.modelscope.cn";
  for (const target of [
    "https://www.modelscope.cn/x",
    "https://lfs.modelscope.cn/x",
    "https://pre-lfs.modelscope.cn/x",
  ]) {
    expect(may(hub, target), target).toBe(true);
  }
  for (const target of [
    "http://www.modelscope.cn/x",
    "http://lfs.modelscope.cn/x",
    "https://lfs.modelscope.cn:444/x",
    "https://lfs.modelscope.cn.evil.example/x",
    "https://modelscope.aliyuncs.com/x",
    "https://lfs.modelscope.ai/x",
    "http://127.0.0.1/x",
  ]) {
    expect(may(hub, target), target).toBe(false);
  }
});

test("a hub on this machine may use its other ports", () => {
  expect(may("http://127.0.0.1:8099", "http://127.0.0.1:8100/x")).toBe(true);
  expect(may("http://127.0.0.1:8099", "http://example.com/x")).toBe(false);
});
