const WIDE_VECTORS = "--experimental-wasm-revectorize";

/** What runs the engine in this process. */
export const runtime = {
  /** The version of Node. */
  node: process.versions.node,
  /** The widest vectors that V8 was asked for. It makes 256-bit ones of pairs in the kernels, on processors that have them. */
  vectorBits: process.execArgv.includes(WIDE_VECTORS) ? 256 : 128,
};
