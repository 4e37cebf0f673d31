import { expect, test } from "vitest";

import { compileKernels, type CompiledKernels, type Kernels } from "./kernels";
import { areProductsRight } from "./open-compute";

const [compiled] = compileKernels({ allowFma: true }) as [CompiledKernels];

/** Real kernels, one of which gets the last number of a row of eight wrong. */
function wrongIn(name: "gemm" | "gemmHalf" | "gemv" | "gemvHalf"): CompiledKernels {
  return {
    on: (memory) => {
      const kernels = compiled.on(memory);
      const target = name.startsWith("gemm") ? 6 : 4;
      const spoiled: Kernels["gemm"] = (...operands) => {
        kernels[name](...operands);
        const last = operands[target]! / 4 + 7;
        new Float32Array(memory.buffer)[last]! += 1;
      };
      return { ...kernels, [name]: spoiled };
    },
  };
}

test("kernels of which one is wrong are found out", () => {
  const trial = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
  expect(areProductsRight(compiled, trial)).toBe(true);
  for (const name of ["gemm", "gemmHalf", "gemv", "gemvHalf"] as const)
    expect(areProductsRight(wrongIn(name), trial)).toBe(false);
});
