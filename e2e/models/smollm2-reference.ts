/**
 * What transformers computes with this folder's weights in 32 bits: the most likely continuation of some prompts, with
 * natural logarithms of probabilities.
 */
export const SMOLLM2_GREEDY = [
  {
    text: "The capital of France is",
    answer: [7042, 30, 198, 198, 504, 2988, 314, 42],
    logprobs: [-0.26062, -0.38799, -1.01213, -0.87125, -1.939, -3.1895, -0.34166, -0.45764],
  },
  {
    text: "1, 2, 3, 4, 5,",
    answer: [216, 38, 28, 216, 39, 28, 216, 40],
    logprobs: [-0.11502, -0.05067, -0.12558, -0.05315, -0.04379, -0.04525, -0.03702, -0.0082],
  },
  {
    text: "def fibonacci(n):",
    answer: [472, 585, 304, 1758, 216, 32, 42, 448],
    logprobs: [-0.06349, -1.57567, -0.03767, -0.78572, -0.00972, -0.59598, -0.42527, -0.03277],
  },
  {
    text: "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWhat is the capital of Japan?<|im_end|>\n<|im_start|>assistant\n",
    answer: [504, 3575, 282, 3085, 314, 19081, 30, 2],
    logprobs: [-0.31871, -0.01828, -0.02813, -0.0048, -0.04499, -0.06478, -0.33441, -0.26982],
  },
];

/** Mean over all positions but the first of the license text beside the weights. */
export const SMOLLM2_LICENSE_NLL = [
  { length: 128, nll: 3.06288 },
  { length: 1024, nll: 2.65408 },
];
