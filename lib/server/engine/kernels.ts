import v8 from "node:v8";

import { addKernel, scaleKernel, siluBackwardKernel, siluKernel } from "./elementwise-kernels";
import { gemmKernel, gemvKernel, type TileShape } from "./gemm-kernels";
import { packKernel, transposeHalvesKernel, unpackHalvesKernel } from "./panel-kernels";
import { normBackwardKernel, normKernel, rotateKernel } from "./row-kernels";
import { exponentialsKernel, softmaxBackwardKernel, softmaxRowsKernel } from "./softmax-kernels";
import { assembleModule } from "./wasm-assembler";

type Kernel = (...parameters: number[]) => void;

/** The compiled kernels. Arguments are byte addresses, byte strides and counts, as each emitter documents. */
export interface Kernels {
  gemm: Kernel;
  gemmHalf: Kernel;
  gemv: Kernel;
  gemvHalf: Kernel;
  pack: Kernel;
  unpackHalves: Kernel;
  transposeHalves: Kernel;
  norm: Kernel;
  normBackward: Kernel;
  rotate: Kernel;
  exponentials: Kernel;
  softmaxBackward: Kernel;
  softmaxRows: Kernel;
  siluMultiply: Kernel;
  siluBackward: Kernel;
  addVectors: Kernel;
  scaleVector: Kernel;
}

/**
 * The second suits 16 registers of four numbers, the third 32 of them (arm64), or 16 of eight, which V8 makes of
 * neighbouring pairs of vectors when `--experimental-wasm-revectorize` asks for it.
 */
const TILES: TileShape[] = [
  { rows: 4, pairs: 1 },
  { rows: 6, pairs: 1 },
  { rows: 6, pairs: 2 },
];

function assemble({ fma, tile }: { fma: boolean; tile: TileShape }): Uint8Array<ArrayBuffer> {
  return assembleModule([
    gemmKernel({ fma, isHalf: false }, tile),
    gemmKernel({ fma, isHalf: true }, tile),
    gemvKernel({ fma, isHalf: false }),
    gemvKernel({ fma, isHalf: true }),
    packKernel(),
    unpackHalvesKernel(),
    transposeHalvesKernel(),
    normKernel(),
    normBackwardKernel(),
    rotateKernel(),
    exponentialsKernel(),
    softmaxBackwardKernel(),
    softmaxRowsKernel(),
    siluKernel(),
    siluBackwardKernel(),
    addKernel(),
    scaleKernel(),
  ]);
}

/** Whether the runtime has a fused multiply-add. */
function hasFma(): boolean {
  const bytes = assemble({ fma: true, tile: TILES[0]! });
  if (WebAssembly.validate(bytes)) return true;
  // Node 20 knows relaxed SIMD but hides it behind a flag.
  v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(bytes);
}

/** Kernels that were compiled, and can be used on any memory. */
export interface CompiledKernels {
  on: (memory: WebAssembly.Memory) => Kernels;
}

/**
 * The kernels once for each size of tile: with fused multiply-add when the runtime offers it, plain SIMD otherwise.
 *
 * @throws Error when the runtime has no WebAssembly SIMD at all
 */
export function compileKernels({ allowFma }: { allowFma: boolean }): CompiledKernels[] {
  // Code of the quick compiler would run until a kernel has been used for a while.
  v8.setFlagsFromString("--no-liftoff");
  const fma = allowFma && hasFma();
  return TILES.map((tile) => {
    const bytes = assemble({ fma, tile });
    if (!WebAssembly.validate(bytes)) {
      throw new Error(
        "The local training engine needs WebAssembly SIMD, which this Node.js or processor does not offer.",
      );
    }
    const compiled = new WebAssembly.Module(bytes);
    return {
      on: (memory) =>
        new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels,
    };
  });
}
