import { FunctionBuilder, I32, SIMD, V128 } from "./wasm-assembler";

const VECTOR_BYTES = 16;
const ROW_BYTES = 32;
const HIGH_HALF = 0xffff0000;

/** `unpackHalves(source, target, count)`: bfloat16 panels to panels of 32-bit floats, `count` rows of eight numbers. */
export function unpackHalvesKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("unpackHalves", [I32, I32, I32]);
  const [source, target, count] = [0, 1, 2] as const;
  const [index, words] = [fn.local(I32), fn.local(V128)];
  fn.i32(0).set(index);
  fn.whileLess(index, count, () => {
    fn.get(source).vectorLoad().set(words);
    fn.get(target).get(words).i32(16).simd(SIMD.shiftLeft).vectorStore();
    fn.get(target).get(words).vectorInt(HIGH_HALF).simd(SIMD.and).vectorStore(VECTOR_BYTES);
    fn.increase(source, VECTOR_BYTES).increase(target, ROW_BYTES).increase(index, 1);
  });
  return fn;
}

/**
 * `transposeHalves(source, inputs, target, groups)`: bfloat16 panels over outputs to panels of 32-bit floats over
 * inputs, `groups` times eight rows long. `inputs` is a multiple of 8.
 */
export function transposeHalvesKernel(): FunctionBuilder {
  const fn = new FunctionBuilder("transposeHalves", [I32, I32, I32, I32]);
  const [source, inputs, target, groups] = [0, 1, 2, 3] as const;
  const [column, group, at, out, groupBytes] = Array.from({ length: 5 }, () => fn.local(I32)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const vectors = Array.from({ length: 4 }, () => fn.local(V128)) as Four;
  const pairs = Array.from({ length: 4 }, () => fn.local(V128)) as Four;

  fn.get(inputs).i32(VECTOR_BYTES).mul().set(groupBytes).i32(0).set(column);
  fn.whileLess(column, inputs, () => {
    fn.get(source).set(at).i32(0).set(group).get(target).set(out);
    fn.whileLess(group, groups, () => {
      for (const half of [0, 1]) {
        vectors.forEach((vector, input) => {
          fn.get(at)
            .vectorLoad((4 * half + input) * VECTOR_BYTES)
            .set(vector);
        });
        transpose(fn, vectors, pairs);
        vectors.forEach((words, row) => {
          const offset = row * ROW_BYTES + half * VECTOR_BYTES;
          fn.get(out).get(words).i32(16).simd(SIMD.shiftLeft).vectorStore(offset);
          fn.get(out).get(words).vectorInt(HIGH_HALF).simd(SIMD.and);
          fn.vectorStore(offset + 4 * ROW_BYTES);
        });
      }
      fn.increaseBy(at, groupBytes)
        .increase(out, 8 * ROW_BYTES)
        .increase(group, 1);
    });
    fn.get(out)
      .set(target)
      .increase(source, 8 * VECTOR_BYTES)
      .increase(column, 8);
  });
  return fn;
}

type Four = [number, number, number, number];

/** Transposes four vectors of four words in place. */
function transpose(fn: FunctionBuilder, [a, b, c, d]: Four, [ab, cd, abHigh, cdHigh]: Four) {
  fn.get(a).get(b).shuffle(0, 4, 1, 5).set(ab).get(c).get(d).shuffle(0, 4, 1, 5).set(cd);
  fn.get(a).get(b).shuffle(2, 6, 3, 7).set(abHigh).get(c).get(d).shuffle(2, 6, 3, 7).set(cdHigh);
  fn.get(ab).get(cd).shuffle(0, 1, 4, 5).set(a).get(ab).get(cd).shuffle(2, 3, 6, 7).set(b);
  fn.get(abHigh).get(cdHigh).shuffle(0, 1, 4, 5).set(c);
  fn.get(abHigh).get(cdHigh).shuffle(2, 3, 6, 7).set(d);
}
