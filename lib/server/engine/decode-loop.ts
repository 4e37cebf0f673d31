import type { Compute } from "./compute";
import { DECODE_ROWS, decodeRows, logitRow } from "./decode-step";
import type { Decoder } from "./decoder";
import { SampleStream } from "./sample-stream";
import { messageOf, type FromWorker, type SampleJob } from "./worker-protocol";

/** Positions computed at once, when some of them are only drafted. */
const DRAFTED_ROWS = 8;

/** Every answer in progress on one worker. Those with the same adapter advance together, the groups in turn. */
export class DecodeLoop {
  private readonly decoder: Decoder;
  private readonly compute: Compute;
  private readonly drafts: boolean;
  private readonly send: (message: FromWorker) => void;
  /** Longest wait first. */
  private streams: SampleStream[] = [];

  /** @param drafts - as in `EngineOptions` */
  constructor(
    decoder: Decoder,
    compute: Compute,
    drafts: boolean,
    send: (message: FromWorker) => void,
  ) {
    this.decoder = decoder;
    this.compute = compute;
    this.drafts = drafts;
    this.send = send;
  }

  get isEmpty(): boolean {
    return this.streams.length === 0;
  }

  add(id: number, job: SampleJob): void {
    this.streams.push(new SampleStream(id, job, this.drafts));
  }

  /** False when there is no such answer (any more). */
  remove(id: number): boolean {
    const remaining = this.streams.filter((stream) => stream.id !== id);
    const isFound = remaining.length < this.streams.length;
    this.streams = remaining;
    return isFound;
  }

  /** Runs for about this long, at least one token of one group, and tells what was chosen. */
  turn(ms: number): void {
    const end = performance.now() + ms;
    do {
      if (this.isEmpty) return;
      this.step();
    } while (performance.now() < end);
    for (const stream of this.streams) this.tell(stream);
  }

  private step(): void {
    const { adapter } = this.streams[0]!.job;
    const isOfGroup = ({ job }: SampleStream) => job.adapter?.parameters === adapter?.parameters;
    const group = this.streams.filter(isOfGroup).slice(0, DECODE_ROWS);
    const others = this.streams.filter((stream) => !group.includes(stream));
    const mark = this.compute.mark();
    try {
      const mostDrafted = Math.max(0, Math.floor(DRAFTED_ROWS / group.length) - 1);
      const rows = group.map((stream) => stream.rows(mostDrafted));
      const logits = decodeRows(this.decoder, this.compute, rows.flat(), adapter);
      let row = 0;
      const going = group.filter((stream, index) => {
        const own = rows[index]!.map(() => logitRow(this.decoder, this.compute, logits, row++));
        const result = stream.choose(own);
        if (!result) return true;
        this.tell(stream);
        this.send({ id: stream.id, result });
        return false;
      });
      this.streams = [...others, ...going];
    } catch (error) {
      for (const { id } of group) this.send({ id, error: messageOf(error) });
      this.streams = others;
    } finally {
      this.compute.release(mark);
    }
  }

  private tell(stream: SampleStream): void {
    const { id, tokens, logprobs } = stream;
    if (tokens.length === 0) return;
    this.send({ id, tokens, logprobs });
    stream.tokens = [];
    stream.logprobs = [];
  }
}
