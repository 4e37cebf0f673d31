import { expect, test } from "vitest";

import { boardWords, Crew } from "./crew";
import { Engine } from "./engine";
import { openCompute } from "./open-compute";
import { aModelDirectory, aSample, TINY_CONFIG } from "./testing/tiny-model";

type Product = Parameters<Crew["multiply"]>;

test.each([1, 5])("a product of %i rows in tiles equals the product at once", (M) => {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  const { kernels, f32, u32 } = openCompute(memory, { start: 0, words: 16 }, { allowFma: true });
  // The last tile is smaller.
  const [N, K] = [104, 700];
  const [board, a, b, together, apart] = [64, 1024, 8192, 5120, 6144] as const;
  for (let k = 0; k < M * K; k++) f32[a + k] = Math.sin(k);
  for (let word = 0; word < (N * K) / 2; word++) f32[b + word] = Math.cos(word) * 3;
  const product = (c: number) =>
    [...[4 * a, 4 * K, 4, 4 * b, 32, 32 * K], ...[4 * c, 4 * N, M, N, K, 0]] as Product;
  const crew = new Crew(memory, kernels, { start: board, words: boardWords(2) }, 1);
  crew.multiply(...product(apart));
  kernels.gemmHalf(...product(together));
  expect(u32.slice(apart, apart + M * N)).toEqual(u32.slice(together, together + M * N));
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
