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
    const half = this.headDim / 2;
    const mark = compute.mark();
    const table = compute.allocate(this.headDim);
    for (let m = 0; m < positions.length; m++) {
      compute.f32.set(this.row(positions[m]!), table);
      const low = (x + m * heads * this.headDim) * 4;
      const high = low + half * 4;
      const [first, second] = direction === 1 ? [low, high] : [high, low];
      compute.kernels.rotate(first, second, table * 4, heads, this.headDim * 4, half);
    }
    compute.release(mark);
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
