/** Takes the place of the ONNX runtime in browser bundles: a tokenizer needs none of it. */
export class Tensor {}
