/** How answers are drawn. */
export interface SamplingSettings {
  /** 0 takes the likeliest token every time. */
  temperature: number;
  topP: number;
  /** Null for no limit. */
  topK: number | null;
  maxTokens: number;
  /** Beside those of the model's chat template. */
  stop: string[];
  /** Null for another one each time. */
  seed: number | null;
  /** Answers asked for at once. */
  count: number;
}
