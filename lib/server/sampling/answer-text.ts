import type { ChatTokenizer } from "./chat-tokenizer";
import { StopScanner } from "./stop-scanner";
import { TokenTextDecoder } from "./text-decoder";

/** The text of one answer while its tokens come, up to the first stop string. */
export class AnswerText {
  isStopped = false;
  private readonly decoder: TokenTextDecoder;
  private readonly scanner: StopScanner;
  private readonly onText: (text: string) => void;

  constructor(
    tokenizer: ChatTokenizer,
    stopTexts: readonly string[],
    /** Called with text that is final. */
    onText: (text: string) => void,
  ) {
    this.decoder = new TokenTextDecoder((ids) => tokenizer.decode(ids));
    this.scanner = new StopScanner(stopTexts);
    this.onText = onText;
  }

  push(token: number): void {
    this.scan(this.decoder.push(token));
  }

  /** No more tokens come. */
  end(): void {
    if (this.isStopped) return;
    this.scan(this.decoder.flush());
    if (!this.isStopped) this.show(this.scanner.flush());
  }

  private scan(text: string): void {
    const scanned = this.scanner.push(text);
    this.show(scanned.text);
    this.isStopped = scanned.isStopped;
  }

  private show(text: string): void {
    if (text) this.onText(text);
  }
}
