import type { Compute } from "./compute";

/** Cosines and sines of the rotary embedding, made once for each position that turns up. */
export class RopeTable {
  private readonly frequencies: Float64Array;
  private readonly rows: Float32Array[] = [];
  private readonly headDim: number;

  constructor(headDim: number, theta: number) {
    this.headDim = headDim;
    this.frequencies = Float64Array.from(
      { length: headDim / 2 },
      (_, j) => theta ** ((-2 * j) / headDim),
    );
  }

  /**
   * Rotates x[M, heads, headDim] in place, in Hugging Face's "rotate half" order.
   *
   * @param direction - 1 forward, -1 for gradients
   */
  rotate(
    compute: Compute,
    x: number,
    heads: number,
    positions: Int32Array,
    direction: 1 | -1,
  ): void {
    const f32 = compute.f32;
    const half = this.headDim / 2;
    for (let m = 0; m < positions.length; m++) {
      const table = this.row(positions[m]!);
      for (let head = 0; head < heads; head++) {
        const at = x + (m * heads + head) * this.headDim;
        for (let j = 0; j < half; j++) {
          const cosine = table[j]!;
          const sine = direction * table[half + j]!;
          const low = f32[at + j]!;
          const high = f32[at + half + j]!;
          f32[at + j] = low * cosine - high * sine;
          f32[at + half + j] = high * cosine + low * sine;
        }
      }
    }
  }

  private row(position: number): Float32Array {
    const known = this.rows[position];
    if (known) return known;
    const half = this.headDim / 2;
    const row = new Float32Array(this.headDim);
    for (let j = 0; j < half; j++) {
      const angle = position * this.frequencies[j]!;
      row[j] = Math.cos(angle);
      row[half + j] = Math.sin(angle);
    }
    this.rows[position] = row;
    return row;
  }
}
