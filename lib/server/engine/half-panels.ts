/**
 * bfloat16 panels hold W[outputs, inputs] in groups of sixteen outputs. Inside a group every input has eight words, of
 * which word j holds output j in its low half and output j + 8 in its high half: what two neighbouring vector loads and
 * one operation for each half unpack into sixteen numbers.
 */
export const HALF_PANEL_WIDTH = 16;
const GROUP_WORDS = 8;

/** Packs row-major numbers, whole groups of sixteen rows, rounding to nearest with ties to even. */
export function packHalves(
  rows: Float32Array,
  inputs: number,
  target: Uint32Array,
  at: number,
): void {
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  let out = at;
  for (let group = 0; group < rows.length; group += HALF_PANEL_WIDTH * inputs) {
    for (let input = 0; input < inputs; input++) {
      for (let lane = 0; lane < GROUP_WORDS; lane++) {
        const low = group + lane * inputs + input;
        const high = low + GROUP_WORDS * inputs;
        target[out++] = rounded(bits[low]!) | (rounded(bits[high]!) << 16);
      }
    }
  }
}

/** Copies row `row` (an output's weights) of a matrix at `at` to `target` as the bits of 32-bit floats. */
export function unpackRow(
  u32: Uint32Array,
  at: number,
  inputs: number,
  row: number,
  target: number,
): void {
  const lane = row % HALF_PANEL_WIDTH;
  const first = at + ((row - lane) * inputs) / 2 + (lane % GROUP_WORDS);
  for (let input = 0; input < inputs; input++) {
    const word = u32[first + input * GROUP_WORDS]!;
    u32[target + input] = lane < GROUP_WORDS ? word << 16 : word & 0xffff0000;
  }
}

function rounded(word: number): number {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}
