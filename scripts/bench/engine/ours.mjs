import { register } from "tsx/esm/api";
import { time } from "../statistics.mjs";

register();
const { Engine } = await import("../../../lib/server/engine/engine.ts");

const ADAM = {
  learningRate: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
  weightDecay: 0,
  gradClipNorm: 0,
};
const GREEDY = { adapter: null, temperature: 0, topP: 1, topK: 0, seed: 1, stopTokens: [] };

/** The local server's engine with one model, and adapters `a` and `b` on it. */
export async function openOurs(directory, { threads, rank }) {
  const engine = await Engine.open(directory, { threads });
  for (const id of ["a", "b"]) await engine.createAdapter(id, { rank, alpha: 32, seed: 1 });
  return engine;
}

/** Training steps of one adapter; where their time went, in ms. */
export async function train(engine, id, sequences, steps) {
  const rows = sequences.map((sequence) => ({
    tokens: Int32Array.from(sequence.slice(0, -1)),
    targets: Int32Array.from(sequence.slice(1)),
    weights: new Float32Array(sequence.length - 1).fill(1),
  }));
  const spent = { forwardBackward: 0, optimizer: 0 };
  let loss = 0;
  for (let step = 0; step < steps; step++) {
    const startedAt = performance.now();
    ({ loss } = await engine.forwardBackward(id, rows, "cross_entropy"));
    const betweenAt = performance.now();
    await engine.optimStep(id, ADAM);
    spent.forwardBackward += betweenAt - startedAt;
    spent.optimizer += performance.now() - betweenAt;
  }
  return { ...spent, loss };
}

/** Milliseconds for `count` answers of exactly `maxTokens` tokens to one prompt, the likeliest token each time. */
export function generate(engine, prompt, maxTokens, count = 1) {
  const request = { ...GREEDY, prompt: Int32Array.from(prompt), maxTokens, count };
  return time(() => engine.sample(request, { signal: new AbortController().signal }));
}
