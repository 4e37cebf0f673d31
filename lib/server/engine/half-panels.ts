/**
 * bfloat16 panels hold W[outputs, inputs] in groups of eight outputs. Inside a group every input has four words, of
 * which word j holds output j in its low half and output j + 4 in its high half: what one vector load and two
 * operations unpack into eight numbers.
 */
const GROUP = 8;
const HALF_GROUP = 4;

/** Packs row-major numbers, whole groups of eight rows, rounding to nearest with ties to even. */
export function packHalves(
  rows: Float32Array,
  inputs: number,
  target: Uint32Array,
  at: number,
): void {
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  let out = at;
  for (let group = 0; group < rows.length; group += GROUP * inputs) {
    for (let input = 0; input < inputs; input++) {
      for (let lane = 0; lane < HALF_GROUP; lane++) {
        const low = group + lane * inputs + input;
        const high = low + HALF_GROUP * inputs;
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
  const lane = row % GROUP;
  const first = at + ((row - lane) * inputs) / 2 + (lane % HALF_GROUP);
  for (let input = 0; input < inputs; input++) {
    const word = u32[first + input * HALF_GROUP]!;
    u32[target + input] = lane < HALF_GROUP ? word << 16 : word & 0xffff0000;
  }
}

function rounded(word: number): number {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}
