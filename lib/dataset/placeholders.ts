const PLACEHOLDER = /\{\{\s*([A-Z][A-Z0-9_]*)\s*\}\}/g;

/** Names of the placeholders in JSON Lines, such as `NAME` of `{{NAME}}`, in the order in which they first stand there. */
export function placeholdersIn(jsonLines: string): string[] {
  return [...new Set(Array.from(jsonLines.matchAll(PLACEHOLDER), ([, name]) => name ?? ""))];
}

/** The rows with a value for every placeholder; one without a value stays as it is. */
export function fillPlaceholders(
  jsonLines: string,
  values: Readonly<Record<string, string>>,
): string {
  return jsonLines.replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    // It stands within a JSON string, where quotes and line ends are written as escapes.
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
  });
}
