import { fileURLToPath } from "node:url";

import { BaseTrainer } from "../engine/base-trainer";
import type { ModelConfig } from "../engine/types";
import { VOCAB_SIZE } from "./chat-format";
import { corpusBatch } from "./corpus";
import { Draw } from "./draw";
import { writeModelDirectory } from "./model-files";

const CONFIG: ModelConfig = {
  hiddenSize: 128,
  layerCount: 5,
  headCount: 4,
  kvHeadCount: 4,
  headDim: 32,
  intermediateSize: 384,
  vocabSize: VOCAB_SIZE,
  ropeTheta: 10000,
  rmsNormEps: 1e-6,
  isHeadTied: true,
  hasQkvBias: true,
  hasHeadNorms: false,
  maxPositions: 1024,
};
const STEPS = 7500;
const BATCH_TOKENS = 1000;
const PEAK_LEARNING_RATE = 3e-3;
const FINAL_LEARNING_RATE = 3e-5;
const WARMUP_STEPS = 150;
/** From here on the learning rate falls in a straight line. */
const DECAY_FROM = 0.4;
const REPORT_EVERY = 100;
const SAVE_EVERY = 1000;

function learningRateAt(step: number): number {
  const progress = step / STEPS;
  const decay = progress < DECAY_FROM ? 1 : (1 - progress) / (1 - DECAY_FROM);
  const rate = FINAL_LEARNING_RATE + (PEAK_LEARNING_RATE - FINAL_LEARNING_RATE) * decay;
  return rate * Math.min(1, (step + 1) / WARMUP_STEPS);
}

const directory = process.argv[2] ?? fileURLToPath(new URL("../builtin/spark/", import.meta.url));
const trainer = new BaseTrainer(CONFIG, { seed: 1 });
const draw = new Draw(2026);
const started = performance.now();
let smoothLoss = 0;
for (let step = 0; step < STEPS; step++) {
  const { loss } = await trainer.forwardBackward(corpusBatch(draw, BATCH_TOKENS));
  await trainer.optimStep({
    ...{ learningRate: learningRateAt(step), beta1: 0.9, beta2: 0.95, eps: 1e-8 },
    ...{ weightDecay: 0.01, gradClipNorm: 1 },
  });
  smoothLoss = step === 0 ? loss : 0.98 * smoothLoss + 0.02 * loss;
  if (step % REPORT_EVERY === 0) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`step ${step}/${STEPS}  loss ${smoothLoss.toFixed(3)}  ${seconds} s`);
  }
  if (step % SAVE_EVERY === SAVE_EVERY - 1)
    writeModelDirectory(directory, CONFIG, trainer.exportWeights());
}
writeModelDirectory(directory, CONFIG, trainer.exportWeights());
await trainer.close();
