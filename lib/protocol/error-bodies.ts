/**
 * One sentence out of any error body that a server of this API was seen to send: FastAPI's `detail` as text or as a list,
 * OpenAI's `error.message`, a failed future's `error`, plain text, HTML. Python tracebacks are cut to their last own line.
 *
 * @param body - the raw text of the answer, at most some 100 kB of it
 */
export function sentenceOfErrorBody(body: string): string {
  const text = textOfErrorBody(body).trim();
  if (/^\s*</.test(text))
    return (
      /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? "an HTML page instead of an answer"
    ).trim();
  return lastOwnLine(text).slice(0, 500);
}

/**
 * What a traceback ends with: the line that names the error and those that go on with it, without Twinkle's own
 * `[twinkle] driver caller: …` mark. Any other text as one line.
 */
export function lastOwnLine(text: string): string {
  const lines = text
    .split("\n")
    .filter(
      (line) => line.trim() !== "" && !/^\s*(\[twinkle\]|For further information)/.test(line),
    );
  const named = lines.findLastIndex((line) => /^(\w+\.)*[A-Z]\w*(:|$)/.test(line));
  const isTraceback = text.includes("Traceback (most recent call last)");
  const told = isTraceback ? lines.slice(named < 0 ? -1 : named) : lines;
  return told.map((line) => line.trim()).join(" ");
}

function textOfErrorBody(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return body;
  }
  return textOf(parsed) ?? body;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const parts = value.map(textOfIssue).filter((part) => part !== null);
    return parts.length ? parts.join("; ") : null;
  }
  if (typeof value !== "object" || value === null) return null;
  const object = value as Record<string, unknown>;
  return (
    textOf(object["detail"]) ??
    textOf(object["error"]) ??
    textOf(object["message"]) ??
    textOf(object["Message"])
  );
}

function textOfIssue(issue: unknown): string | null {
  if (typeof issue !== "object" || issue === null) return textOf(issue);
  const { loc, msg } = issue as { loc?: unknown; msg?: unknown };
  const place = Array.isArray(loc) ? loc.filter((part) => part !== "body").join(".") : "";
  return typeof msg === "string" ? (place ? `${place}: ${msg}` : msg) : textOf(issue);
}
