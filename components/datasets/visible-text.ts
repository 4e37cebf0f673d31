/** A token's text with its line breaks as marks; the break itself stays, so that the text keeps its lines. */
export function withLineMarks(text: string): string {
  return text.replaceAll("\n", "↵\n").replaceAll("\t", "⇥");
}

/** The same on one line, with the spaces at its ends in sight. */
export function onOneLine(text: string): string {
  return text
    .replaceAll("\n", "↵")
    .replaceAll("\t", "⇥")
    .replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length));
}
