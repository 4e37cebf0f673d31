import { chooseToken } from "./choose-token";
import type { DecodeRow } from "./decode-step";
import { Drafter } from "./drafter";
import type { LogitRow } from "./logit-row";
import { seededRandom } from "./random";
import type { JobResults, SampleJob } from "./worker-protocol";

/** One answer in progress. */
export class SampleStream {
  readonly id: number;
  readonly job: SampleJob;
  /** Chosen and not yet told. */
  tokens: number[] = [];
  logprobs: number[] = [];
  private readonly random: () => number;
  private readonly drafter: Drafter | null;
  /** What its next position holds. */
  private token: number;
  private draft: readonly number[] = [];
  private chosen = 0;

  /** @param drafts - as in `EngineOptions` */
  constructor(id: number, job: SampleJob, drafts: boolean) {
    this.id = id;
    this.job = job;
    this.token = job.prompt[job.prompt.length - 1]!;
    this.random = seededRandom(job.seed);
    this.drafter = drafts ? new Drafter(job.prompt) : null;
  }

  /** The next position, and the ones after it if the answer goes on as it may, at most `mostDrafted`. */
  rows(mostDrafted: number): DecodeRow[] {
    const { prefix, tail, rules } = this.job;
    const room = rules.maxTokens - this.chosen - 1;
    this.draft = this.drafter?.propose(Math.min(mostDrafted, room)) ?? [];
    return [this.token, ...this.draft].map((token, index) => ({
      ...{ prefix, tail: { ...tail, length: tail.length + index }, token },
    }));
  }

  /**
   * Chooses the tokens after the last {@link rows}, up to the first that was drafted otherwise, just as it would one
   * by one. Says why the answer has ended, or null while it goes on.
   */
  choose(logits: readonly LogitRow[]): JobResults["sample"] | null {
    const { rules, tail } = this.job;
    const before = this.tokens.length;
    let result: JobResults["sample"] | null = null;
    for (const [index, row] of logits.entries()) {
      const { token, logprob } = chooseToken(row, rules, this.random);
      this.token = token;
      this.tokens.push(token);
      this.logprobs.push(logprob);
      this.chosen += 1;
      tail.length += 1;
      if (rules.stopTokens.includes(token)) result = { stopReason: "stop" };
      else if (this.chosen === rules.maxTokens) result = { stopReason: "length" };
      if (result || token !== this.draft[index]) break;
    }
    this.drafter?.append(this.tokens.slice(before));
    return result;
  }
}
