import { expect, test } from "vitest";
import { createSharedWork } from "./shared-work";

/** Work whose end the test decides; it ends with its signal's reason when that aborts. */
function workAtHand() {
  const begun: {
    signal: AbortSignal;
    succeed: (result: string) => void;
    fail: (error: Error) => void;
  }[] = [];
  const begin = ({ signal }: { signal: AbortSignal }) =>
    new Promise<string>((succeed, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason as Error));
      begun.push({ signal, succeed, fail });
    });
  const shared = createSharedWork<string>();
  const ask = (signal = new AbortController().signal) => shared.resultOf("a", begin, { signal });
  return { begun, shared, ask };
}

test("those who ask at once share one work, and later ones its kept result", async () => {
  const { begun, ask } = workAtHand();
  const both = Promise.all([ask(), ask()]);
  begun[0]?.succeed("result");
  expect(await both).toEqual(["result", "result"]);
  expect(await ask()).toBe("result");
  expect(begun).toHaveLength(1);
});

test("one who leaves spoils nothing for the other", async () => {
  const { begun, ask } = workAtHand();
  const leaver = new AbortController();
  const [left, stayed] = [ask(leaver.signal), ask()];
  leaver.abort();
  await expect(left).rejects.toThrow("aborted");
  expect(begun[0]?.signal.aborted).toBe(false);
  begun[0]?.succeed("result");
  expect(await stayed).toBe("result");
});

test("when all have left, the work is aborted, and who asks then begins it anew", async () => {
  const { begun, ask } = workAtHand();
  const leavers = [new AbortController(), new AbortController()];
  const left = leavers.map(({ signal }) => expect(ask(signal)).rejects.toThrow("aborted"));
  leavers.forEach((leaver) => leaver.abort());
  await Promise.all(left);
  expect(begun[0]?.signal.aborted).toBe(true);
  const again = ask();
  begun[1]?.succeed("second");
  expect(await again).toBe("second");
});

test("a failure is told to all who wait, and not kept", async () => {
  const { begun, ask } = workAtHand();
  const failed = [ask(), ask()].map((asked) => expect(asked).rejects.toThrow("full"));
  begun[0]?.fail(new Error("full"));
  await Promise.all(failed);
  const again = ask();
  begun[1]?.succeed("second");
  expect(await again).toBe("second");
});

test("a result is forgotten once, however many found that it is gone", async () => {
  const { begun, shared, ask } = workAtHand();
  const first = ask();
  begun[0]?.succeed("first");
  await first;
  shared.forget("a", "first");
  const second = ask();
  begun[1]?.succeed("second");
  await second;
  shared.forget("a", "first");
  expect(await ask()).toBe("second");
  expect(begun).toHaveLength(2);
});
