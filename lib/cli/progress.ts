import type { ProgressStep } from "./command";

const BAR_CELLS = 24;
const DEFAULT_COLUMNS = 80;
/** Between two lines where no bar can be drawn. */
const LINE_SHARE = 0.1;

export interface OutputStream {
  isTTY?: boolean | undefined;
  /** Characters a line of the terminal. */
  columns?: number | undefined;
  write: (text: string) => unknown;
}

/** Shows progress as a bar that stays in its line on a terminal, and as a line for every tenth elsewhere. */
export function progressLines(stream: OutputStream): {
  show: (step: ProgressStep) => void;
  note: (sentence: string) => void;
  end: () => void;
} {
  let drawn = "";
  let lastShare = -1;
  let lastLabel = "";
  const end = () => {
    if (drawn !== "") stream.write("\n");
    drawn = "";
  };
  return {
    show: ({ label, share, detail }) => {
      if (stream.isTTY) {
        const whole = [label, share === null ? "" : bar(share), detail].filter(Boolean).join(" ");
        const line = whole.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1);
        if (line === drawn) return;
        stream.write(`\r${line.padEnd(drawn.length)}`);
        drawn = line;
        return;
      }
      const reached = Math.floor((share ?? 0) / LINE_SHARE);
      if (label === lastLabel && reached === lastShare) return;
      [lastLabel, lastShare] = [label, reached];
      stream.write(`${[label, detail].filter(Boolean).join(" ")}\n`);
    },
    note: (sentence) => {
      end();
      stream.write(`${sentence}\n`);
    },
    end,
  };
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return `[${"#".repeat(filled)}${".".repeat(BAR_CELLS - filled)}]`;
}
