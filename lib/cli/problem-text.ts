import { createTranslator } from "next-intl";
import { formatCount } from "@/lib/base/format";
import type { RowProblem } from "@/lib/dataset/types";
import messages from "@/messages/en.json";

const SHOWN_PROBLEMS = 20;
const translate = createTranslator({ locale: "en", messages, namespace: "problems" });

/** What is wrong with a row and how to mend it, in the words of the studio's screens. */
export function problemText({ code, params }: RowProblem): string {
  const what = translate(`${code}.what`, params);
  // Some end with the words of a parser.
  const stop = /[.!?]$/.test(what) ? "" : ".";
  return `${what}${stop} ${translate(`${code}.fix`, params)}`;
}

/** Problems by their lines; of many the first ones, with how many more there are. */
export function problemLines(problems: readonly RowProblem[], most = SHOWN_PROBLEMS): string[] {
  const shown = problems.slice(0, most);
  const more = problems.length - shown.length;
  return [
    ...shown.map((problem) => `Line ${problem.line}: ${problemText(problem)}`),
    ...(more > 0 ? [`${formatCount(more)} more problems; --json lists all.`] : []),
  ];
}
