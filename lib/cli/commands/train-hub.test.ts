import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { selfCognition, startDatasetHub } from "@/e2e/servers/dataset-hub";
import { createFileJournal } from "@/lib/command-runs/file-journal";
import { startTestServer, type TestServer } from "@/lib/server/testing/test-server";
import { main } from "../main";

const SPARK = path.resolve("lib/server/builtin/spark");
const DATASETS = {
  "swift/self-cognition/self_cognition.jsonl": selfCognition(108),
  "some/table/train.csv": 'query,response\n"Hello, {{WHO}}?",Hello.\n',
  "some/columns/train.parquet": "PAR1",
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ models: [{ name: "twinkle/spark", directory: SPARK }] });
});
afterAll(() => server.dispose());

for (const flags of [[], ["--direct-ranges"]]) {
  describe(`from a hub that ${flags.length > 0 ? "serves files itself" : "redirects to its storage"}`, () => {
    let hub: Awaited<ReturnType<typeof startDatasetHub>>;
    beforeAll(async () => {
      hub = await startDatasetHub(DATASETS, flags);
    });
    afterAll(() => hub.stop());

    async function run(...args: string[]) {
      let [stdout, stderr] = ["", ""];
      const code = await main(args, {
        env: {
          ...{ MODELSCOPE_ENDPOINT: hub.url, HF_ENDPOINT: hub.url },
          ...{ TWINKLE_SERVER: `http://127.0.0.1:${server.port}`, TWINKLE_TOKEN: "tml-cli" },
        },
        ...{ dataDir: server.folder, cwd: server.folder, signal: new AbortController().signal },
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
      });
      return { code, stdout, stderr };
    }

    test("a slice is trained by Twinkle's recipe, with its placeholders filled in", async () => {
      const out = `runs${flags.join("")}`;
      const { code, stdout, stderr } = await run(
        ...["train", "ms://swift/self-cognition", "--rows", "50"],
        ...["--name", "Nova", "--author", "Acme Lab", "--out", out, "--json"],
      );
      expect(code, stderr).toBe(0);
      const result = JSON.parse(stdout) as { steps: number; firstLoss: number; lastLoss: number };
      expect(result).toMatchObject({ steps: 18 });
      expect(result.lastLoss).toBeLessThan(result.firstLoss);

      const [record] = await createFileJournal(path.join(server.folder, out)).records();
      expect(record?.config).toMatchObject({
        ...{
          name: "swift-self-cognition-first-50",
          datasetName: "ms://swift/self-cognition (first 50)",
        },
        ...{ maxLength: 256, loraRank: 16, batchSize: 8, epochs: 3 },
      });
    }, 60_000);

    test("what stands in the rows is asked for by its name, and a table is read like lines", async () => {
      const data = ["data", "hf://some/table", "--tokenizer", SPARK, "--json"];
      expect(await run(...data)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          "{{WHO}}: say what stands there with --fill WHO=",
        ) as string,
      });
      const filled = await run(...data, "--fill", "who=Nova");
      expect(JSON.parse(filled.stdout)).toMatchObject({ format: "query_response", valid: 1 });
    });

    test("what cannot be read is refused with a sentence", async () => {
      expect(await run("train", "ms://some/columns")).toMatchObject({
        code: 4,
        stderr: expect.stringContaining("some/columns holds Parquet files") as string,
      });
      expect(await run("train", "https://huggingface.co/datasets/some/nothing")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("shows no dataset some/nothing") as string,
      });
    });
  });
}

test("a table on this machine is trained like any other file", async () => {
  fs.writeFileSync(path.join(server.folder, "rows.csv"), "prompt,completion\na,b\n,c\n");
  let stdout = "";
  const code = await main(["data", "rows.csv", "--tokenizer", SPARK, "--json"], {
    ...{ env: {}, dataDir: server.folder, cwd: server.folder },
    signal: new AbortController().signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ format: "prompt_completion", rows: 2, valid: 1 },
    problems: [{ line: 2, code: "missing_field" }],
  });
});
