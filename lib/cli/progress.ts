import type { ProgressStep } from "./command";

const BAR_CELLS = 24;
/** Between two lines where no bar can be drawn. */
const LINE_SHARE = 0.1;

export interface OutputStream {
  isTTY?: boolean | undefined;
  write: (text: string) => unknown;
}

/** Shows progress as a bar that stays in its line on a terminal, and as a line for every tenth elsewhere. */
export function progressLines(stream: OutputStream): {
  show: (step: ProgressStep) => void;
  end: () => void;
} {
  let drawn = "";
  let lastShare = -1;
  let lastLabel = "";
  return {
    show: ({ label, share, detail }) => {
      if (stream.isTTY) {
        const line = `${label} ${bar(share ?? 0)} ${detail}`;
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
    end: () => {
      if (drawn !== "") stream.write("\n");
      drawn = "";
    },
  };
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return `[${"#".repeat(filled)}${".".repeat(BAR_CELLS - filled)}]`;
}
