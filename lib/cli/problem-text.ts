import { createTranslator } from "next-intl";
import type { RowProblem } from "@/lib/dataset/types";
import messages from "@/messages/en.json";

const translate = createTranslator({ locale: "en", messages, namespace: "problems" });

/** What is wrong with a row and how to mend it, in the words of the studio's screens. */
export function problemText({ code, params }: RowProblem): string {
  return `${translate(`${code}.what`, params)} ${translate(`${code}.fix`, params)}`;
}
