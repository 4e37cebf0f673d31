import { DOCTOR_SENTENCES, type DoctorLine, type DoctorReport } from "./types";

/** The report as Markdown that can be copied into an issue. It holds no token. */
export function reportText(report: DoctorReport): string {
  const { baseModel, startedAt, lines, traits, leftBehind } = report;
  return [
    `## Doctor's report`,
    `Base model \`${baseModel}\`, ${new Date(startedAt).toISOString()}`,
    "",
    "| step | outcome | ms | what it means |",
    "|---|---|---|---|",
    ...lines.map(
      (line) =>
        `| ${line.step} | ${line.outcome} | ${Math.round(line.ms)} | ${sentenceOf(line).replaceAll("|", "\\|")} |`,
    ),
    ...(leftBehind.length > 0 ? ["", `Left behind: ${leftBehind.join(", ")}`] : []),
    "",
    "```json",
    JSON.stringify(traits, null, 2),
    "```",
    ...lines.filter(({ outcome }) => outcome === "failed" || outcome === "differs").map(detailsOf),
    "",
  ].join("\n");
}

/** What a line means, in English, with the server's own words and the facts. */
export function sentenceOf({ code, error, facts }: DoctorLine): string {
  const told = Object.entries(facts ?? {}).map(
    ([name, value]) =>
      `${name} ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`,
  );
  const said = error ? [`${error.code}: ${error.message}`] : [];
  const more = [...said, ...told].join(", ");
  return `${DOCTOR_SENTENCES[code]}${more ? ` (${more})` : ""}`;
}

function detailsOf({ step, exchanges }: DoctorLine): string {
  const calls = exchanges.map(
    ({ method, path, sent, status, got, ms }) =>
      `${method} ${path}${sent === null ? "" : ` ${sent}`}\n  -> ${status === null ? "" : `HTTP ${status} `}${got} (${Math.round(ms)} ms)`,
  );
  return `\n<details><summary>${step}</summary>\n\n\`\`\`\n${calls.join("\n")}\n\`\`\`\n\n</details>`;
}
