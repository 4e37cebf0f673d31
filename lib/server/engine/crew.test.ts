import { expect, test } from "vitest";

import { boardWords, Crew } from "./crew";
import { Engine } from "./engine";
import { openCompute } from "./open-compute";
import { aModelDirectory, aSample, TINY_CONFIG } from "./testing/tiny-model";

test("a product in tiles equals the product at once, also where the last tile is smaller", () => {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  const { kernels, f32, u32 } = openCompute(memory, { start: 0, words: 16 }, { allowFma: true });
  const [N, K] = [104, 700];
  const [board, a, b, together, apart] = [64, 1024, 4096, 2048, 3072] as const;
  for (let k = 0; k < K; k++) f32[a + k] = Math.sin(k);
  for (let word = 0; word < (N * K) / 2; word++) f32[b + word] = Math.cos(word) * 3;
  const product = (c: number) => [4 * a, 4 * b, 16, 16 * K, 4 * c, N, K, 0] as const;
  const crew = new Crew(memory, kernels, { start: board, words: boardWords(2) }, 1);
  crew.multiplyRow(...product(apart));
  kernels.gemvHalf(...product(together));
  expect(u32.slice(apart, apart + N)).toEqual(u32.slice(together, together + N));
});

test("an answer is the same whether other workers help with it or not", async () => {
  const directory = aModelDirectory({ ...TINY_CONFIG, hidden_size: 512, intermediate_size: 1024 });
  const answerOf = async (threads: number) => {
    const engine = await Engine.open(directory, { threads, isCompact: true });
    const request = aSample({ maxTokens: 24, temperature: 1 });
    const { sequences } = await engine.sample(request, { signal: new AbortController().signal });
    await engine.close();
    return sequences;
  };
  expect(await answerOf(3)).toEqual(await answerOf(1));
});
