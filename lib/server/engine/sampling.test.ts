import { afterAll, beforeAll, expect, test } from "vitest";

import { Engine } from "./engine";
import { aModelDirectory, aRow, aSample, randomised, TINY_CONFIG } from "./testing/tiny-model";
import type { SampledSequence, SampledToken, SampleRequest, SampleResult } from "./types";

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

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1);
}

/** Log probabilities of every token after a sequence. */
async function nextLogprobs(adapter: string | null, sequence: number[]): Promise<number[]> {
  const { length } = sequence;
  const rows = Array.from({ length: TINY_CONFIG.vocab_size }, (_, token) => ({
    tokens: Int32Array.from(sequence),
    targets: new Int32Array(length).fill(token),
    weights: new Float32Array(length).fill(1, length - 1),
  }));
  const { logprobs } = await engine.forward(adapter, rows, "cross_entropy");
  return logprobs.map((row) => row[length - 1]!);
}

/** What the rules make of a distribution, written the slow and obvious way. */
function distribution(
  logprobs: readonly number[],
  { temperature, topK, topP }: { temperature: number; topK: number; topP: number },
): number[] {
  let ranked = logprobs
    .map((logprob, token) => ({ token, share: Math.exp(logprob / temperature) }))
    .sort((a, b) => b.share - a.share);
  const mass = () => ranked.reduce((sum, { share }) => sum + share, 0);
  if (topK > 0) ranked = ranked.slice(0, topK);
  const wanted = topP * mass();
  let seen = 0;
  ranked = ranked.filter(({ share }) => {
    const isKept = seen < wanted;
    seen += share;
    return isKept;
  });
  const total = mass();
  const shares = Array<number>(logprobs.length).fill(0);
  for (const { token, share } of ranked) shares[token] = share / total;
  return shares;
}

/** The one answer of a request for one. */
async function answer(overrides: Partial<SampleRequest> = {}): Promise<SampledSequence> {
  return (await sample(overrides)).sequences[0]!;
}

async function freshLogprobs(
  adapter: string | null,
  sequence: readonly number[],
): Promise<Float32Array> {
  const row = {
    tokens: Int32Array.from(sequence.slice(0, -1)),
    targets: Int32Array.from(sequence.slice(1)),
    weights: ones(sequence.length - 1),
  };
  return (await engine.forward(adapter, [row], "cross_entropy")).logprobs[0]!;
}

test.each([null, "tuned"])(
  "log probabilities while sampling equal those of a fresh forward pass (adapter %s)",
  async (adapter) => {
    const prompt = aRow(70, 9).tokens;
    const result = await sample({ adapter, prompt, promptLogprobs: true, count: 3 });
    expect(result.promptLogprobs![0]).toBeNull();
    for (const { tokens, logprobs } of result.sequences) {
      const fresh = await freshLogprobs(adapter, [...prompt, ...tokens]);
      const seen = [...result.promptLogprobs!.slice(1), ...logprobs] as number[];
      expect(seen).toHaveLength(fresh.length);
      seen.forEach((logprob, index) => expect(logprob).toBeCloseTo(fresh[index]!, 4));
    }
  },
);

test("the likeliest tokens of the prompt's positions are those of a fresh forward pass", async () => {
  const { prompt } = aSample();
  const { topPromptLogprobs: top } = await sample({ topPromptLogprobs: 3 });
  expect(top).toHaveLength(prompt.length);
  expect(top![0]).toBeNull();
  for (let t = 1; t < prompt.length; t++) {
    const fresh = await nextLogprobs(null, [...prompt.slice(0, t)]);
    const order = fresh.map((_, token) => token).sort((a, b) => fresh[b]! - fresh[a]!);
    expect(top![t]!.map(([token]) => token)).toEqual(order.slice(0, 3));
    for (const [token, logprob] of top![t]!) expect(logprob).toBeCloseTo(fresh[token]!, 4);
  }
});

test("the same seed gives the same answers, alone, among others and while others train", async () => {
  const request = { adapter: "tuned", prompt: aRow(33, 4).tokens, maxTokens: 50, count: 3 };
  const alone = await sample(request);
  await engine.createAdapter("busy", { rank: 4, alpha: 16, seed: 3 });
  const training = Array.from({ length: 6 }, async () => {
    await engine.forwardBackward("busy", [aRow(90, 1), aRow(80, 2), aRow(40, 3)], "cross_entropy");
    await engine.optimStep("busy", ADAM).catch(() => undefined);
  });
  const others = [1, 2, 3, 4, 5, 6, 7].map((seed) =>
    sample({ ...request, seed, adapter: seed % 2 === 0 ? "tuned" : null, maxTokens: 10 * seed }),
  );
  const amongOthers = await sample(request);
  await Promise.all([...training, ...others]);
  engine.dropAdapter("busy");
  expect(amongOthers).toEqual(alone);
  expect(await sample({ ...request, seed: 8 })).not.toEqual(alone);
});

test("an answer does not depend on how many are asked for, and no two are alike", async () => {
  const { sequences } = await sample({ count: 8, maxTokens: 30 });
  expect(await sample({ count: 2, maxTokens: 30 })).toEqual({ sequences: sequences.slice(0, 2) });
  expect(new Set(sequences.map(({ tokens }) => tokens.join())).size).toBe(8);
});

test("the pieces in which a prompt is read do not show in the answer", async () => {
  const roomy = await Engine.open(
    aModelDirectory({ ...TINY_CONFIG, max_position_embeddings: 400 }),
  );
  const prompt = aRow(300, 4).tokens;
  const options = { signal: new AbortController().signal };
  const scored = (length: number) =>
    roomy.sample(
      aSample({ prompt: prompt.slice(0, length), maxTokens: 1, promptLogprobs: true }),
      options,
    );
  const { promptLogprobs } = await scored(300);
  for (const length of [1, 2, 9, 129, 130, 257])
    expect((await scored(length)).promptLogprobs).toEqual(promptLogprobs!.slice(0, length));
  const row = { tokens: prompt.slice(0, -1), targets: prompt.slice(1), weights: ones(299) };
  const fresh = await roomy.forward(null, [row], "cross_entropy");
  await roomy.close();
  fresh.logprobs[0]!.forEach((logprob, t) =>
    expect(promptLogprobs![t + 1]).toBeCloseTo(logprob, 4),
  );
});

test("temperature 0 picks the most likely token, as does top-k 1", async () => {
  const greedy = await answer({ temperature: 0 });
  expect(await answer({ topK: 1 })).toEqual(greedy);
  expect(await answer({ topP: 1e-6 })).toEqual(greedy);
  const prompt = [...aSample().prompt];
  for (const [index, token] of greedy.tokens.slice(0, 5).entries()) {
    const fresh = await nextLogprobs(null, [...prompt, ...greedy.tokens.slice(0, index)]);
    expect(fresh[token]).toBe(Math.max(...fresh));
  }
});

test.each([
  { temperature: 1, topK: 0, topP: 1 },
  { temperature: 0.5, topK: 0, topP: 1 },
  { temperature: 2, topK: 7, topP: 1 },
  { temperature: 1, topK: 0, topP: 0.7 },
  { temperature: 1.5, topK: 12, topP: 0.8 },
])("with %j tokens are drawn as often as a fresh forward pass says", async (rules) => {
  const expected = distribution(await nextLogprobs("tuned", [...aSample().prompt]), rules);
  const counts = new Float64Array(expected.length);
  const draws = 4000;
  for (let seed = 1; seed <= 4; seed++) {
    const request = {
      ...rules,
      adapter: "tuned",
      seed: 1000 * seed,
      maxTokens: 1,
      count: draws / 4,
    };
    for (const { tokens } of (await sample(request)).sequences) counts[tokens[0]!]! += 1;
  }
  expected.forEach((share, token) => {
    const deviation = Math.sqrt((share * (1 - share)) / draws);
    expect(Math.abs(counts[token]! / draws - share)).toBeLessThanOrEqual(5 * deviation);
  });
});

test("sampling ends with the stop token, which is part of the answer", async () => {
  const free = await answer({ temperature: 0 });
  const stop = free.tokens[4]!;
  const stopped = await answer({ temperature: 0, stopTokens: [stop] });
  expect(free.stopReason).toBe("length");
  expect(stopped.stopReason).toBe("stop");
  expect(stopped.tokens).toEqual(free.tokens.slice(0, free.tokens.indexOf(stop) + 1));
});

test("tokens are reported one by one in order", async () => {
  const seen: SampledToken[][] = [[], []];
  const options = {
    signal: new AbortController().signal,
    onToken: (index: number, token: SampledToken) => void seen[index]!.push(token),
  };
  const { sequences } = await engine.sample(aSample({ count: 2 }), options);
  expect(seen).toEqual(
    sequences.map(({ tokens, logprobs }) =>
      tokens.map((token, index) => ({ token, logprob: logprobs[index] })),
    ),
  );
});

test("the listener ends one answer and the others go on", async () => {
  const before = engine.memoryBytes();
  const ends: number[] = [];
  const { sequences } = await engine.sample(aSample({ count: 3 }), {
    signal: new AbortController().signal,
    onToken: (index) => (index === 1 ? "stop" : undefined),
    onEnd: (index) => void ends.push(index),
  });
  expect(sequences.map(({ tokens }) => tokens.length)).toEqual([20, 1, 20]);
  expect(sequences.map(({ stopReason }) => stopReason)).toEqual(["length", "stop", "length"]);
  expect(ends.sort()).toEqual([0, 1, 2]);
  expect(engine.memoryBytes()).toBe(before);
});

test("an aborted sample rejects with the signal's reason and frees its memory", async () => {
  const request = aSample({ maxTokens: 90, count: 4 });
  // The most working memory that was ever used counts, too: no later call may need more of it.
  await engine.sample(request, { signal: new AbortController().signal });
  await engine.sample(aSample({ prompt: aRow(90, 1).tokens }), {
    signal: new AbortController().signal,
  });
  const before = engine.memoryBytes();
  const controller = new AbortController();
  const reason = new Error("enough");
  const onToken = () => void controller.abort(reason);
  await expect(engine.sample(request, { signal: controller.signal, onToken })).rejects.toBe(reason);
  expect(engine.memoryBytes()).toBe(before);
  await expect(engine.sample(aSample(), { signal: controller.signal })).rejects.toBe(reason);
  const early = new AbortController();
  const reading = engine.sample(aSample({ prompt: aRow(90, 1).tokens }), { signal: early.signal });
  early.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(engine.memoryBytes()).toBe(before);
});

test("an answer is cut where the model has no more positions", async () => {
  const result = await answer({ prompt: aRow(90, 1).tokens, maxTokens: 500 });
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

test.each([0, 0.4])(
  "answers that repeat themselves are the same whether they are drafted or not (temperature %s)",
  async (temperature) => {
    const answersOf = async (drafts: boolean) => {
      const drafting = await Engine.open(aModelDirectory(), {
        threads: 1,
        isCompact: true,
        drafts,
      });
      const prompt = Int32Array.from({ length: 40 }, (_, index) => index % 5);
      const request = aSample({ prompt, maxTokens: 60, temperature, count: 2 });
      const { sequences } = await drafting.sample(request, {
        signal: new AbortController().signal,
      });
      await drafting.close();
      return sequences;
    };
    const drafted = await answersOf(true);
    const { tokens } = drafted[0]!;
    const threes = tokens.map((_, index) => tokens.slice(index, index + 3).join(" "));
    expect(new Set(threes).size).toBeLessThan(threes.length);
    expect(drafted).toEqual(await answersOf(false));
  },
);
