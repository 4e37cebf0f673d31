import fs from "node:fs";
import { expect, test } from "vitest";
import { EXIT } from "./exit-codes";
import { main } from "./main";

const docs = fs.readFileSync("docs/cli.md", "utf8");

async function printed(...args: string[]): Promise<string> {
  let help = "";
  const code = await main(args, {
    ...{ env: {}, dataDir: "", cwd: "", signal: new AbortController().signal },
    stdout: { write: (text) => (help += text) },
    stderr: { write: () => undefined },
  });
  expect(code).toBe(EXIT.done);
  return help;
}

test("docs/cli.md holds what help prints, word for word", async () => {
  expect(docs).toContain(`\`\`\`\n${await printed("help")}\`\`\``);
});

test("a command tells its own flags", async () => {
  const help = await printed("sample", "--help");
  expect(help).toContain("sample --path PATH");
  expect(help).not.toContain("doctor");
  expect(await printed("help", "sample")).toBe(help);
});

test("docs/cli.md lists every exit code", () => {
  for (const code of Object.values(EXIT))
    expect(docs).toMatch(new RegExp(`^\\| ${code} +\\|`, "m"));
});
