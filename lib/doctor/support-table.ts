import { FEATURES, featuresOfReport } from "./features";
import { DOCTOR_SENTENCES, DOCTOR_STEPS, type DoctorReport, type DoctorStep } from "./types";

/* The table of docs/servers.md: a row for each step and feature, a column for each server. */

export type SupportColumn = Record<string, string>;

/** What an examination says of its server, by row. Holds nothing that differs from one examination to the next. */
export function supportColumn(report: DoctorReport): SupportColumn {
  const features = featuresOfReport(report);
  const steps: readonly string[] = DOCTOR_STEPS;
  // A feature with a step of its name stands there already; optimizer states are for runs to try.
  const asked = FEATURES.filter((name) => !steps.includes(name) && name !== "load_optimizer");
  const ofFeatures = asked.map((feature) => {
    const has = features[feature]?.has;
    return [rowName(feature), has === undefined ? "not known" : has ? "yes" : "**no**"];
  });
  const ofSteps = DOCTOR_STEPS.map((step) => [rowName(step), stepCell(report, step)]);
  return Object.fromEntries([...ofSteps, ...ofFeatures]) as SupportColumn;
}

/** The column of a server in the table of a Markdown text; empty for a server that it does not have. */
export function columnOf(markdown: string, server: string): SupportColumn {
  const [head = [], , ...rows] = rowsOf(markdown);
  const at = head.indexOf(server);
  if (at < 1) return {};
  return Object.fromEntries(rows.map((row) => [row[0] ?? "", row[at] ?? ""] as const));
}

/** The text with the column of a server as given, at the end of the table where there was none. */
export function withColumn(markdown: string, server: string, column: SupportColumn): string {
  const [head = [], , ...rows] = rowsOf(markdown);
  const servers = [...new Set([...head.slice(1), server])];
  const columns = servers.map((name) => (name === server ? column : columnOf(markdown, name)));
  const names = [...new Set([...Object.keys(column), ...rows.map(([name = ""]) => name)])];
  const table = [
    [head[0] ?? "step", ...servers],
    ["---", ...servers.map(() => "---")],
    ...names.map((name) => [name, ...columns.map((cells) => cells[name] ?? "")]),
  ];
  const lines = markdown.split("\n");
  const first = lines.findIndex(isRow);
  const rest = lines.slice(first).filter((line) => !isRow(line));
  const drawn = table.map((cells) => `| ${cells.join(" | ")} |`);
  return [...lines.slice(0, first), ...drawn, ...rest].join("\n");
}

function stepCell({ lines, traits }: DoctorReport, step: DoctorStep): string {
  const line = lines.find((candidate) => candidate.step === step);
  if (!line) return "not tried";
  const absent = Object.entries(traits.routes).flatMap(([route, presence]) =>
    presence === "absent" ? [`\`${route}\``] : [],
  );
  if (step === "routes" && absent.length > 0) return `${line.outcome}; not ${absent.join(", ")}`;
  return line.outcome === "ok" ? "ok" : `**${line.outcome}**: ${DOCTOR_SENTENCES[line.code]}`;
}

function rowName(name: string): string {
  return name.replaceAll("_", " ");
}

function rowsOf(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter(isRow)
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

function isRow(line: string): boolean {
  return line.startsWith("|");
}
