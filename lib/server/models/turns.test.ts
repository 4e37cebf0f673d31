import { expect, test } from "vitest";

import { Turns } from "./turns";

test("jobs of a lane run in order and lanes take turns", async () => {
  const turns = new Turns();
  const order: string[] = [];
  let running = 0;
  const job = (name: string) => async () => {
    expect(++running).toBe(1);
    await Promise.resolve();
    order.push(name);
    running--;
  };
  const lanes = { a: 3, b: 2, c: 1 };
  await Promise.all(
    Object.entries(lanes).flatMap(([lane, count]) =>
      Array.from({ length: count }, (_, index) => turns.run(lane, job(`${lane}${index + 1}`))),
    ),
  );
  expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("a job that fails, also before it waits for anything, does not hold up the next", async () => {
  const turns = new Turns();
  const failed = [
    turns.run("a", () => Promise.reject(new Error("late"))),
    turns.run("a", () => {
      throw new Error("at once");
    }),
  ];
  const next = turns.run("a", () => Promise.resolve("done"));
  expect((await Promise.allSettled(failed)).map(({ status }) => status)).toEqual([
    "rejected",
    "rejected",
  ]);
  expect(await next).toBe("done");
});
