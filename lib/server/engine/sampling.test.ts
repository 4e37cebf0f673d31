import { afterAll, beforeAll, expect, test } from "vitest";

import { Engine } from "./engine";
import { aModelDirectory, aRow, aSample, randomised } from "./testing/tiny-model";
import type { SampledToken, SampleRequest, SampleResult } from "./types";

const ADAM = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.95,
  eps: 1e-8,
  weightDecay: 0,
  gradClipNorm: 1,
};

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.open(aModelDirectory(), { threads: 2 });
  await engine.createAdapter("tuned", { rank: 4, alpha: 16, seed: 1 });
  engine.importAdapter("tuned", randomised(engine.exportAdapter("tuned").weights, 2), null);
});

afterAll(() => engine.close());

const sample = (overrides: Partial<SampleRequest> = {}): Promise<SampleResult> =>
  engine.sample(aSample(overrides), { signal: new AbortController().signal });

async function freshLogprobs(
  adapter: string | null,
  sequence: readonly number[],
): Promise<Float32Array> {
  const row = {
    tokens: Int32Array.from(sequence.slice(0, -1)),
    targets: Int32Array.from(sequence.slice(1)),
    weights: new Float32Array(sequence.length - 1).fill(1),
  };
  return (await engine.forward(adapter, [row], "cross_entropy")).logprobs[0]!;
}

test.each([null, "tuned"])(
  "log probabilities while sampling equal those of a fresh forward pass (adapter %s)",
  async (adapter) => {
    const prompt = aRow(70, 9).tokens;
    const result = await sample({ adapter, prompt, promptLogprobs: true });
    const fresh = await freshLogprobs(adapter, [...prompt, ...result.tokens]);
    const seen = [...result.promptLogprobs!.slice(1), ...result.logprobs] as number[];
    expect(result.promptLogprobs![0]).toBeNull();
    expect(seen).toHaveLength(fresh.length);
    seen.forEach((logprob, index) => expect(logprob).toBeCloseTo(fresh[index]!, 4));
  },
);

test("the same seed gives the same answer while other work runs", async () => {
  const alone = await sample({ adapter: "tuned", maxTokens: 60 });
  await engine.createAdapter("busy", { rank: 4, alpha: 16, seed: 3 });
  const training = Array.from({ length: 6 }, async () => {
    await engine.forwardBackward("busy", [aRow(90, 1), aRow(80, 2), aRow(40, 3)], "cross_entropy");
    await engine.optimStep("busy", ADAM).catch(() => undefined);
  });
  const others = [1, 2, 3].map((seed) => sample({ seed, maxTokens: 60 }));
  const amongOthers = await sample({ adapter: "tuned", maxTokens: 60 });
  await Promise.all([...training, ...others]);
  engine.dropAdapter("busy");
  expect(amongOthers).toEqual(alone);
  expect(await sample({ adapter: "tuned", maxTokens: 60, seed: 8 })).not.toEqual(alone);
});

test("temperature 0 picks the most likely token, as does top-k 1", async () => {
  const greedy = await sample({ temperature: 0 });
  expect(await sample({ topK: 1 })).toEqual(greedy);
  expect(await sample({ topP: 1e-6 })).toEqual(greedy);
});

test("sampling ends with the stop token, which is part of the answer", async () => {
  const free = await sample({ temperature: 0 });
  const stop = free.tokens[4]!;
  const stopped = await sample({ temperature: 0, stopTokens: [stop] });
  expect(free.stopReason).toBe("length");
  expect(stopped.stopReason).toBe("stop");
  expect(stopped.tokens).toEqual(free.tokens.slice(0, free.tokens.indexOf(stop) + 1));
});

test("tokens are reported one by one in order", async () => {
  const seen: SampledToken[] = [];
  const options = {
    signal: new AbortController().signal,
    onToken: (token: SampledToken) => seen.push(token),
  };
  const result = await engine.sample(aSample(), options);
  expect(seen).toEqual(
    result.tokens.map((token, index) => ({ token, logprob: result.logprobs[index] })),
  );
});

test("an aborted sample rejects with the signal's reason and frees its memory", async () => {
  const before = engine.memoryBytes();
  const controller = new AbortController();
  const reason = new Error("enough");
  const onToken = () => controller.abort(reason);
  await expect(
    engine.sample(aSample({ maxTokens: 90 }), { signal: controller.signal, onToken }),
  ).rejects.toBe(reason);
  expect(engine.memoryBytes()).toBe(before);
  await expect(engine.sample(aSample(), { signal: controller.signal })).rejects.toBe(reason);
});

test("an answer is cut where the model has no more positions", async () => {
  const result = await sample({ prompt: aRow(90, 1).tokens, maxTokens: 500 });
  expect(result.tokens).toHaveLength(6);
  expect(result.stopReason).toBe("length");
});

test("the engine gives the same log probabilities without fused multiply-add", async () => {
  const plain = await Engine.open(aModelDirectory(), { threads: 1, allowFma: false });
  const rows = [aRow(37, 1), aRow(20, 2)];
  const fused = await engine.forward(null, rows, "cross_entropy");
  const unfused = await plain.forward(null, rows, "cross_entropy");
  await plain.close();
  expect(unfused.loss).toBeCloseTo(fused.loss, 4);
  fused.logprobs.forEach((row, index) =>
    row.forEach((logprob, t) => expect(unfused.logprobs[index]![t]).toBeCloseTo(logprob, 3)),
  );
});
