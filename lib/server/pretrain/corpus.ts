import type { TrainRow } from "../engine/types";
import { encodeChat, encodeText } from "./chat-format";
import { conversation } from "./conversations";
import type { Draw } from "./draw";
import { plainTaskExchange } from "./word-tasks";

/** What the model is asked is learnt a little too, so that it knows how questions look. */
const QUESTION_WEIGHT = 0.1;
/** Plain text is about random words, which nobody can predict. */
const PLAIN_QUESTION_WEIGHT = 0.03;
const PLAIN_SHARE = 0.38;

/** Tokens to a row that predicts each next one; the first is only ever given. */
export function toRow(tokens: readonly number[], weights: readonly number[]): TrainRow {
  return {
    tokens: Int32Array.from(tokens.slice(0, -1)),
    targets: Int32Array.from(tokens.slice(1)),
    weights: Float32Array.from(weights.slice(1)),
  };
}

/** One random row of the corpus: a conversation, or a task on words as plain text. */
function corpusRow(draw: Draw): TrainRow {
  if (draw.chance(PLAIN_SHARE)) {
    const { ask, answer } = plainTaskExchange(draw);
    const question = encodeText(ask);
    const reply = encodeText(answer);
    const weights = [...question.map(() => PLAIN_QUESTION_WEIGHT), ...reply.map(() => 1)];
    return toRow([...question, ...reply], weights);
  }
  const { tokens, isTrained } = encodeChat(conversation(draw));
  const weights = isTrained.map((trained) => (trained ? 1 : QUESTION_WEIGHT));
  return toRow(tokens, weights);
}

/** Rows of about `tokenCount` tokens together. */
export function corpusBatch(draw: Draw, tokenCount: number): TrainRow[] {
  const rows: TrainRow[] = [];
  let tokens = 0;
  while (tokens < tokenCount) {
    const row = corpusRow(draw);
    rows.push(row);
    tokens += row.tokens.length;
  }
  return rows;
}
