/** Ways to say one thing, and answers that fit any of them. */
export interface Talk {
  share: number;
  asks: readonly string[];
  answers: readonly string[];
}
