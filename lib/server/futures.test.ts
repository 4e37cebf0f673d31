import { expect, test } from "vitest";

import { systemClock } from "@/lib/base/clock";

import { Futures } from "./futures";
import { refusal } from "./http/errors";
import { createHandClock } from "./testing/hand-clock";

const { signal } = new AbortController();
let next = 0;
const newId = () => String(next++);

test("a result is there the moment the work ends", async () => {
  const futures = new Futures({ clock: systemClock, newId });
  let finish: (value: object) => void = () => undefined;
  const id = futures.submit("me", () => new Promise<object>((resolve) => (finish = resolve)));
  const polling = futures.retrieve("me", id, { signal });
  const startedAt = performance.now();
  finish({ done: true });
  expect(await polling).toBe('{"done":true}');
  expect(performance.now() - startedAt).toBeLessThan(100);
});

test("a poll that takes too long says try again, and the result is not lost", async () => {
  const futures = new Futures({ clock: systemClock, newId, longPollMs: 10 });
  let finish: (value: object) => void = () => undefined;
  const id = futures.submit("me", () => new Promise<object>((resolve) => (finish = resolve)));
  expect(JSON.parse(await futures.retrieve("me", id, { signal }))).toEqual({
    type: "try_again",
    queue_state: "active",
    queue_state_reason: null,
  });
  finish({ done: true });
  expect(await futures.retrieve("me", id, { signal })).toBe('{"done":true}');
});

test("a failure is an answer of its own, and says whose fault it is", async () => {
  const futures = new Futures({ clock: systemClock, newId });
  const refused = futures.submit("me", () => Promise.reject(refusal(400, "No.")));
  const broken = futures.submit("me", () => {
    throw new Error("bang");
  });
  expect(JSON.parse(await futures.retrieve("me", refused, { signal }))).toEqual({
    error: "No.",
    category: "user",
  });
  expect(JSON.parse(await futures.retrieve("me", broken, { signal }))).toMatchObject({
    category: "server",
  });
});

test("old results and those over the bounds are dropped, running work never is", async () => {
  const clock = createHandClock();
  const futures = new Futures({ clock, newId, keepMs: 1000, maxCount: 3 });
  const running = futures.submit("me", () => new Promise<object>(() => undefined));
  const old = futures.submit("me", () => ({ old: true }));
  await futures.retrieve("me", old, { signal });
  await clock.advance(2000);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const id = futures.submit("me", () => ({ i }));
    await futures.retrieve("me", id, { signal });
    ids.push(id);
  }
  for (const id of [old, ...ids.slice(0, 3)])
    await expect(futures.retrieve("me", id, { signal })).rejects.toMatchObject({ status: 410 });
  expect(await futures.retrieve("me", ids[4] ?? "", { signal })).toBe('{"i":4}');
  const polling = futures.retrieve("me", running, { signal });
  await clock.advance(30_000);
  expect(await polling).toContain("try_again");
});

test("each owner may have so many results to come and no more", async () => {
  const futures = new Futures({ clock: systemClock, newId, maxPending: 2 });
  let finish: (value: object) => void = () => undefined;
  const first = futures.submit("me", () => new Promise<object>((resolve) => (finish = resolve)));
  futures.submit("me", () => new Promise<object>(() => undefined));
  expect(() => futures.submit("me", () => ({}))).toThrow("2 of your calls wait already");
  expect(futures.submit("you", () => ({}))).toMatch(/^req_/);
  finish({});
  await futures.retrieve("me", first, { signal });
  expect(futures.submit("me", () => ({}))).toMatch(/^req_/);
});

test("another owner's result and one that never was are gone", async () => {
  const futures = new Futures({ clock: systemClock, newId });
  const id = futures.submit("me", () => ({}));
  await expect(futures.retrieve("you", id, { signal })).rejects.toMatchObject({ status: 404 });
  await expect(futures.retrieve("me", "req_x", { signal })).rejects.toMatchObject({ status: 410 });
});
