import { createTranslator } from "next-intl";
import type { RowProblem } from "@/lib/dataset/types";
import messages from "@/messages/en.json";

const translate = createTranslator({ locale: "en", messages, namespace: "problems" });

/** What is wrong with a row and how to mend it, in the words of the studio's screens. */
export function problemText({ code, params }: RowProblem): string {
  const what = translate(`${code}.what`, params);
  // Some end with the words of a parser.
  const stop = /[.!?]$/.test(what) ? "" : ".";
  return `${what}${stop} ${translate(`${code}.fix`, params)}`;
}
