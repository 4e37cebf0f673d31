import fs from "node:fs";
import { expect, test } from "vitest";
import { EXIT } from "./exit-codes";
import { main } from "./main";

const docs = fs.readFileSync("docs/cli.md", "utf8");

test("docs/cli.md holds what help prints, word for word", async () => {
  let help = "";
  await main(["help"], {
    ...{ env: {}, dataDir: "", cwd: "", signal: new AbortController().signal },
    stdout: { write: (text) => (help += text) },
    stderr: { write: () => undefined },
  });
  expect(docs).toContain(`\`\`\`\n${help}\`\`\``);
});

test("docs/cli.md lists every exit code", () => {
  for (const code of Object.values(EXIT))
    expect(docs).toMatch(new RegExp(`^\\| ${code} +\\|`, "m"));
});
