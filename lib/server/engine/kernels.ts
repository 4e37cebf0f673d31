import v8 from "node:v8";

import {
  addKernel,
  expKernel,
  scaleKernel,
  siluBackwardKernel,
  siluKernel,
} from "./elementwise-kernels";
import { gemmKernel, gemvKernel, packKernel } from "./gemm-kernels";
import { softmaxKernel } from "./softmax-kernel";
import { transposeHalvesKernel, unpackHalvesKernel } from "./half-kernels";
import {
  exponentialsKernel,
  normBackwardKernel,
  normKernel,
  rotateKernel,
  softmaxBackwardKernel,
} from "./row-kernels";
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
  expShifted: Kernel;
  softmaxRow: Kernel;
  siluMultiply: Kernel;
  siluBackward: Kernel;
  addVectors: Kernel;
  scaleVector: Kernel;
}

function assemble(fma: boolean): Uint8Array<ArrayBuffer> {
  return assembleModule([
    gemmKernel({ fma, isHalf: false }),
    gemmKernel({ fma, isHalf: true }),
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
    expKernel(),
    softmaxKernel(),
    siluKernel(),
    siluBackwardKernel(),
    addKernel(),
    scaleKernel(),
  ]);
}

function assembleFused(): Uint8Array<ArrayBuffer> | null {
  const bytes = assemble(true);
  if (WebAssembly.validate(bytes)) return bytes;
  // Node 20 knows relaxed SIMD but hides it behind a flag.
  v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(bytes) ? bytes : null;
}

/**
 * Compiles the kernels for this processor: fused multiply-add when the runtime offers it, plain SIMD otherwise.
 *
 * @param memory - shared, with a maximum of 65536 pages
 * @throws Error when the runtime has no WebAssembly SIMD at all
 */
export function compileKernels(memory: WebAssembly.Memory, { allowFma = true } = {}): Kernels {
  const bytes = (allowFma ? assembleFused() : null) ?? assemble(false);
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      "The local training engine needs WebAssembly SIMD, which this Node.js or processor does not offer.",
    );
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return instance.exports as unknown as Kernels;
}
