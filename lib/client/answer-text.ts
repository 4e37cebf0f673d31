/** The text of a body up to about `mostBytes` of it; what comes after is not read, and `isCut` says so. */
export async function textUpTo(
  response: Response,
  mostBytes: number,
): Promise<{ text: string; isCut: boolean }> {
  if (!response.body) return { text: "", isCut: false };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: parts.join("") + decoder.decode(), isCut: false };
    bytes += value.length;
    parts.push(decoder.decode(value, { stream: true }));
    if (bytes > mostBytes) {
      reader.cancel().catch(() => undefined);
      return { text: parts.join(""), isCut: true };
    }
  }
}

/**
 * The value of a JSON text, undefined when it is none. Python servers write `NaN` and `Infinity`, which JSON has not: they
 * are read as null.
 */
export function jsonOf(text: string): unknown {
  return (
    parsed(text) ?? parsed(text.replace(STRING_OR_NAN, (part) => (part[0] === '"' ? part : "null")))
  );
}

const STRING_OR_NAN = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
