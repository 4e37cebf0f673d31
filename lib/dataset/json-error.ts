type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | "end of value";

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACES = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Index of the first character at which a text stops being JSON; the text's length when it ends too early or is whole.
 *
 * For the sentence only: `JSON.parse` decides, but not every engine says where it stumbled.
 */
export function jsonErrorIndex(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;

  for (;;) {
    at = matchEnd(SPACES, text, at) ?? at;
    const character = text[at];
    if (character === undefined) return at;

    if (expected === ":") {
      if (character !== ":") return at;
      expected = "value";
      at++;
    } else if (expected === "end of value") {
      const container = open.at(-1);
      if (container !== undefined && character === ",")
        expected = container === "{" ? "key" : "value";
      else if (container !== undefined && character === (container === "{" ? "}" : "]")) open.pop();
      else return at;
      at++;
    } else if (
      (expected === "key or }" && character === "}") ||
      (expected === "value or ]" && character === "]")
    ) {
      open.pop();
      expected = "end of value";
      at++;
    } else if (character === '"') {
      const string = scanString(text, at);
      if (!string.isWhole) return string.end;
      expected = expected.startsWith("key") ? ":" : "end of value";
      at = string.end;
    } else if (expected.startsWith("key")) {
      return at;
    } else if (character === "{" || character === "[") {
      open.push(character);
      expected = character === "{" ? "key or }" : "value or ]";
      at++;
    } else {
      const end = matchEnd(LITERAL, text, at);
      if (end === null) return at;
      expected = "end of value";
      at = end;
    }
  }
}

function scanString(text: string, start: number): { end: number; isWhole: boolean } {
  let at = start + 1;
  for (;;) {
    const character = text[at];
    if (character === undefined || character < " ") return { end: at, isWhole: false };
    if (character === '"') return { end: at + 1, isWhole: true };
    if (character !== "\\") at++;
    else {
      const end = matchEnd(ESCAPE, text, at);
      if (end === null) return { end: at, isWhole: false };
      at = end;
    }
  }
}

function matchEnd(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
