import type { Engine } from "../engine/engine";
import type { TrainRow } from "../engine/types";
import { decodeText, END_TOKEN } from "./chat-format";
import { Draw } from "./draw";

export interface Recipe {
  rank: number;
  alpha: number;
  learningRate: number;
  epochs: number;
  batchSize: number;
}

interface TrainingReport {
  steps: number;
  seconds: number;
  firstLoss: number;
  lastLoss: number;
}

/** Trains a new adapter on the rows, shuffled each epoch, with a short warm-up and a cosine to zero. */
export async function fineTune(
  engine: Engine,
  id: string,
  rows: readonly TrainRow[],
  recipe: Recipe,
): Promise<TrainingReport> {
  const { rank, alpha, learningRate, epochs, batchSize } = recipe;
  await engine.createAdapter(id, { rank, alpha, seed: 7 });
  const perEpoch = Math.ceil(rows.length / batchSize);
  const steps = perEpoch * epochs;
  const draw = new Draw(99);
  const started = performance.now();
  let order: TrainRow[] = [];
  let [firstLoss, lastLoss] = [0, 0];
  for (let step = 0; step < steps; step++) {
    if (step % perEpoch === 0) order = shuffled(rows, draw);
    const at = (step % perEpoch) * batchSize;
    const { loss } = await engine.forwardBackward(
      id,
      order.slice(at, at + batchSize),
      "cross_entropy",
    );
    const warmUp = Math.min(1, (step + 1) / 5);
    const rate = learningRate * warmUp * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
    await engine.optimStep(id, {
      learningRate: rate,
      beta1: 0.9,
      beta2: 0.95,
      eps: 1e-8,
      weightDecay: 0,
      gradClipNorm: 1,
    });
    if (step === 0) firstLoss = loss;
    lastLoss = loss;
  }
  return { steps, seconds: (performance.now() - started) / 1000, firstLoss, lastLoss };
}

/** The most likely continuation as text, up to `stopTokens`. */
export async function complete(
  engine: Engine,
  adapter: string | null,
  prompt: readonly number[],
  { stopTokens = [END_TOKEN] as readonly number[], maxTokens = 160 } = {},
): Promise<string> {
  const result = await engine.sample(
    {
      ...{ adapter, prompt: Int32Array.from(prompt), maxTokens, stopTokens },
      ...{ temperature: 0, topP: 1, topK: 0, seed: 1 },
    },
    { signal: new AbortController().signal },
  );
  return decodeText(result.sequences[0]?.tokens ?? []);
}

function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = draw.between(0, i);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
