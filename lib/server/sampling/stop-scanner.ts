/** Passes text on until a stop string appears; holds back what may be the beginning of one. */
export class StopScanner {
  private readonly stops: readonly string[];
  private held = "";

  constructor(stops: readonly string[]) {
    this.stops = stops.filter((stop) => stop !== "");
  }

  /** The text that can be shown; it ends before the stop string when one was met. */
  push(text: string): { text: string; isStopped: boolean } {
    const all = this.held + text;
    const at = this.stops.map((stop) => all.indexOf(stop)).filter((index) => index !== -1);
    if (at.length > 0) {
      this.held = "";
      return { text: all.slice(0, Math.min(...at)), isStopped: true };
    }
    const heldLength = Math.max(0, ...this.stops.map((stop) => overlap(all, stop)));
    this.held = all.slice(all.length - heldLength);
    return { text: all.slice(0, all.length - heldLength), isStopped: false };
  }

  /** What was held back and turned out to be no stop string. */
  flush(): string {
    const rest = this.held;
    this.held = "";
    return rest;
  }
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
