import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** Sources that break a rule of the layers, each as if it stood in the file named. */
const BREACHES: [file: string, source: string][] = [
  [
    "lib/base/format.ts",
    'import { planRun } from "@/lib/training/plan";\nexport const a = planRun;',
  ],
  [
    "lib/protocol/chat.ts",
    'import { createTransport } from "@/lib/client/transport";\nexport const a = createTransport;',
  ],
  [
    "lib/doctor/traits.ts",
    'import { startLocalServer } from "@/lib/server/local-server";\nexport const a = startLocalServer;',
  ],
  [
    "lib/server-config/commands.ts",
    'import { createTransport } from "@/lib/client/transport";\nexport const a = createTransport;',
  ],
  ["lib/training/plan.ts", 'import { useState } from "react";\nexport const a = useState;'],
  [
    "lib/server/main.ts",
    'import { createTransport } from "@/lib/client/transport";\nexport const a = createTransport;',
  ],
  [
    "components/ui/tag.tsx",
    'import { sessionQuery } from "@/lib/query/session";\nexport const a = sessionQuery;',
  ],
  [
    "components/home/home-screen.tsx",
    'import { RunBoard } from "@/components/run/run-board";\nexport const a = RunBoard;',
  ],
  [
    "components/home/home-screen.tsx",
    'import { planRun } from "@/lib/training/plan";\nexport const a = planRun;',
  ],
];

describe("the layers", () => {
  test("are held by lint: an import against them is refused", { timeout: 120_000 }, async () => {
    const eslint = new ESLint({ cwd: root });
    for (const [file, source] of BREACHES) {
      const [result] = await eslint.lintText(source, { filePath: path.join(root, file) });
      const rules = result?.messages.map(({ ruleId }) => ruleId);
      expect(rules, `${file}: ${source}`).toContain("boundaries/dependencies");
    }
  });

  test("are switched off nowhere", () => {
    const sources = ["app", "components", "lib"].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.tsx?$/.test(name) && !name.endsWith("layering.test.ts"))
        .map((name) => path.join(folder, name)),
    );
    // This file alone holds the comment's name, to look for it.
    const disabling = sources.filter((name) =>
      readFileSync(path.join(root, name), "utf8").includes("eslint-disable"),
    );
    expect(disabling).toEqual([]);
  });
});
