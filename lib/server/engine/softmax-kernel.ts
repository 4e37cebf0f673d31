import { emitExp } from "./elementwise-kernels";
import { FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

const VECTOR_BYTES = 16;
/** Below every score. */
const LOWEST = -3e38;
/** Weights are not let fall below exp of this: products with numbers that are almost nothing are very slow. */
const LEAST_EXPONENT = -60;

/** `softmaxRow(row, n)`: the row becomes exp(row) / sum(exp(row)). n is a multiple of 4, more than 0. */
export function softmaxKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("softmaxRow", [I32, I32]);
  const [row, count] = [0, 1] as const;
  const [at, index] = [fn.local(I32), fn.local(I32)];
  const [largest, sum, value] = [fn.local(V128), fn.local(V128), fn.local(V128)];
  const [whole, rest] = [fn.local(V128), fn.local(V128)];

  const overRow = (body: () => void) => {
    fn.get(row).set(at).i32(0).set(index);
    fn.whileLess(index, count, () => {
      body();
      fn.increase(at, VECTOR_BYTES).increase(index, 4);
    });
  };
  /** Combines the four lanes; afterwards each of them holds the result. */
  const acrossLanes = (target: number, operation: number) => {
    for (const lanes of [2, 1])
      fn.get(target).get(target).turned(lanes).simd(operation).set(target);
  };

  fn.vector(LOWEST).set(largest);
  overRow(() => fn.get(largest).get(at).vectorLoad().simd(SIMD.pseudoMax).set(largest));
  acrossLanes(largest, SIMD.pseudoMax);
  overRow(() => {
    fn.get(at).vectorLoad().get(largest).simd(SIMD.sub);
    fn.vector(LEAST_EXPONENT).simd(SIMD.pseudoMax).set(value);
    emitExp(fn, value, whole, rest);
    fn.get(at).get(value).vectorStore();
    fn.get(sum).get(value).simd(SIMD.add).set(sum);
  });
  acrossLanes(sum, SIMD.add);
  fn.vector(1).get(sum).simd(SIMD.div).set(sum);
  overRow(() => fn.get(at).get(at).vectorLoad().get(sum).simd(SIMD.mul).vectorStore());
  return fn;
}
