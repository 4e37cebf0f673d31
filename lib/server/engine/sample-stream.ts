import { chooseToken } from "./choose-token";
import type { DecodeRow } from "./decode-step";
import type { KeyValueCache } from "./key-value-cache";
import type { LogitRow } from "./logit-row";
import { seededRandom } from "./random";
import type { JobResults, SampleJob } from "./worker-protocol";

/** One answer in progress. */
export class SampleStream implements DecodeRow {
  readonly id: number;
  readonly job: SampleJob;
  readonly prefix: KeyValueCache;
  readonly tail: KeyValueCache;
  /** What its next position holds. */
  token: number;
  /** Chosen and not yet told. */
  tokens: number[] = [];
  logprobs: number[] = [];
  private readonly random: () => number;
  private chosen = 0;

  constructor(id: number, job: SampleJob) {
    this.id = id;
    this.job = job;
    this.prefix = job.prefix;
    this.tail = job.tail;
    this.token = job.token;
    this.random = seededRandom(job.seed);
  }

  /** Chooses the next token; says why the answer has ended, or null while it goes on. */
  choose(logits: LogitRow): JobResults["sample"] | null {
    const { rules } = this.job;
    const { token, logprob } = chooseToken(logits, rules, this.random);
    this.token = token;
    this.tokens.push(token);
    this.logprobs.push(logprob);
    this.chosen += 1;
    if (rules.stopTokens.includes(token)) return { stopReason: "stop" };
    return this.chosen < rules.maxTokens ? null : { stopReason: "length" };
  }
}
