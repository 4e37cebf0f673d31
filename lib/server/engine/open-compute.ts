import { Compute, denseHalfPanels, type Panels, type Region } from "./compute";
import { packHalves } from "./half-panels";
import { compileKernels, type CompiledKernels } from "./kernels";
import { seededRandom } from "./random";

/** A product of half a million multiplications, whose numbers stay in the cache: some ten microseconds. */
const TIMED = { M: 48, N: 96, K: 96 };
const ROUNDS = 40;
/** Leaves a rest in every direction, whatever the tile. */
const CHECKED = { M: 23, N: 40, K: 33 };
const TOLERANCE = 1e-4;
const TRIAL_PAGES = 4;

/**
 * A worker's {@link Compute} with the kernels that are fastest on this processor and runtime.
 *
 * @throws Error when there is no WebAssembly SIMD, or when products come out wrong
 */
export function openCompute(
  memory: WebAssembly.Memory,
  arena: Region,
  options: { allowFma: boolean },
): Compute {
  // One for all trials: every memory takes gigabytes of addresses, of which V8 has a limited store.
  const trial = new WebAssembly.Memory({ initial: TRIAL_PAGES, maximum: 65536, shared: true });
  const kernels = fastest(compileKernels(options), trial);
  if (!areProductsRight(kernels, trial)) {
    const how = process.execArgv.join(" ");
    throw new Error(
      `Node.js ${process.version}${how && ` ${how}`} computes matrix products wrongly on this processor. Start the local server with STUDIO_ENGINE_NODE=own, which leaves these flags out, or with another Node.js.`,
    );
  }
  return new Compute(new Float32Array(memory.buffer), kernels.on(memory), arena);
}

/** Measured in turns: whoever else uses the processor now disturbs all candidates alike. */
function fastest(
  candidates: readonly CompiledKernels[],
  trial: WebAssembly.Memory,
): CompiledKernels {
  const { M, N, K } = TIMED;
  const trials = candidates.map((kernels) => {
    const compute = wholeOf(trial, kernels);
    const a = aMatrix(compute, M, K);
    const b = compute.pack({ at: aMatrix(compute, N, K), row: 1, column: K }, N, K);
    const c = compute.allocate(M * N);
    const multiply = () => compute.multiply({ at: a, row: K, column: 1 }, b, c, N, M, N, K, false);
    return { kernels, multiply, best: Infinity };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const trial of trials) {
      const startedAt = performance.now();
      trial.multiply();
      trial.best = Math.min(trial.best, performance.now() - startedAt);
    }
  }
  return trials.reduce((best, trial) => (trial.best < best.best ? trial : best)).kernels;
}

/** False on a runtime whose experimental vectors are wrong, before anything is trained on it. */
export function areProductsRight(kernels: CompiledKernels, trial: WebAssembly.Memory): boolean {
  const { M, N, K } = CHECKED;
  const compute = wholeOf(trial, kernels);
  const { f32 } = compute;
  const x = aMatrix(compute, M, K);
  const weights = aMatrix(compute, 48, K);
  // Of numbers this short bfloat16 loses nothing.
  for (let i = weights; i < weights + 48 * K; i++) f32[i] = Math.round(16 * f32[i]!) / 16;
  const halves = compute.allocate(24 * K);
  packHalves(f32.slice(weights, weights + 48 * K), K, compute.u32, halves);
  const whole = compute.pack({ at: weights, row: 1, column: K }, N, K);

  const isRight = (panels: Panels, rows: number, isAdding: boolean) => {
    const c = compute.allocate(M * N);
    f32.fill(1, c, c + rows * N);
    compute.multiply({ at: x, row: K, column: 1 }, panels, c, N, rows, N, K, isAdding);
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < N; n++) {
        let sum = isAdding ? 1 : 0;
        for (let k = 0; k < K; k++) sum += f32[x + m * K + k]! * f32[weights + n * K + k]!;
        if (!(Math.abs(f32[c + m * N + n]! - sum) < TOLERANCE)) return false;
      }
    }
    return true;
  };
  return [whole, denseHalfPanels(halves, K)].every((panels) =>
    [M, 1].every((rows) => [false, true].every((isAdding) => isRight(panels, rows, isAdding))),
  );
}

/** The kernels on all of a memory. */
function wholeOf(memory: WebAssembly.Memory, kernels: CompiledKernels): Compute {
  const f32 = new Float32Array(memory.buffer);
  return new Compute(f32, kernels.on(memory), { start: 0, words: f32.length });
}

function aMatrix(compute: Compute, rows: number, columns: number): number {
  const random = seededRandom(1);
  const at = compute.allocate(rows * columns);
  for (let i = 0; i < rows * columns; i++) compute.f32[at + i] = 2 * random() - 1;
  return at;
}
