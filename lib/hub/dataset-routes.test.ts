import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChild, type RunningChild } from "@/e2e/servers/child";
import { readHubSlice } from "@/lib/dataset/hub-slice";
import { TestStudio } from "@/lib/proxy/test-studio";
import { showDataset } from "./dataset-routes";

const ROWS = Array.from({ length: 400 }, (_, at) => ({
  query: `Who are you, ${at}?`,
  response: "I am {{NAME}} by {{AUTHOR}}.",
  tag: "en",
}));
const LIST = [
  { input: "a\nb", output: "c" },
  { input: "d", output: "e" },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "studio-slice-"));
  await seed("swift/self-cognition/self_cognition.jsonl", `\uFEFF${ROWS.map(asJson).join("\r\n")}`);
  await seed("swift/self-cognition/dataset_infos.json", "{}");
  await seed("swift/long/train.jsonl", `${asJson({ text: "x".repeat(1000) })}\n`.repeat(100_000));
  await seed("some/list/data.json", JSON.stringify(LIST, null, 2));
  await seed("some/table/test.csv", "input,output\nno,no\n");
  await seed("some/table/train-1.csv", 'input,output\r\n"a, ""b""\nc",d\r\n,e\r\n');
  await seed("some/table/train-2.csv", "input,output\nf,g");
  await seed("some/columns/train.parquet", "PAR1");
});
afterAll(() => rm(folder, { recursive: true }));

const asJson = (value: unknown) => JSON.stringify(value);

async function seed(file: string, content: string): Promise<void> {
  const place = path.join(folder, "seed", "datasets", file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
}

for (const flags of [[], ["--direct-ranges"]]) {
  describe(`a hub that ${flags.length > 0 ? "serves files itself" : "redirects to its storage"}`, () => {
    let hub: RunningChild;
    let studio: TestStudio;
    const log = () => path.join(folder, `hub${flags.join("")}.log`);
    beforeAll(async () => {
      const root = path.join(folder, `root${flags.join("")}`);
      const own = ["--port", "0", "--root", root, "--seed", path.join(folder, "seed")];
      hub = await startChild(
        "python3",
        ["e2e/servers/hub/stand_in.py", ...own, "--log", log(), ...flags],
        { cwd: process.cwd(), ready: /stand-in hub on/, timeoutMs: 20_000 },
      );
      const url = /stand-in hub on (http:[^,]+),/.exec(hub.output())![1]!;
      studio = new TestStudio({ MODELSCOPE_ENDPOINT: url, HF_ENDPOINT: url });
    });
    afterAll(() => hub.stop());

    const ask = (dataset: string, file?: string) =>
      studio.call(
        showDataset,
        `/api/hub/datasets/${dataset}${file === undefined ? "" : `?${new URLSearchParams({ file })}`}`,
      );
    const slice = async (dataset: string, rows: number) => {
      const source = {
        files: async () => ((await (await ask(dataset)).json()) as { files: string[] }).files,
        open: async (file: string) => (await ask(dataset, file)).body!,
      };
      const lines = await readHubSlice(source, {
        rows,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      return lines
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    };

    test.each(["modelscope", "huggingface"])(
      "gives the first rows of JSON Lines, on %s",
      async (on) => {
        expect(await slice(`${on}/swift/self-cognition`, 3)).toEqual(ROWS.slice(0, 3));
        expect(await slice(`${on}/swift/self-cognition`, 5000)).toEqual(ROWS);
      },
    );

    test("is read no further than the rows need", async () => {
      // Read to its end the file would be refused.
      expect(await slice("modelscope/swift/long", 10)).toHaveLength(10);
      await expect(slice("modelscope/swift/long", 100_000)).rejects.toMatchObject({
        code: "too_large",
      });
    });

    test("gives the elements of a list and the rows of all training tables", async () => {
      expect(await slice("modelscope/some/list", 10)).toEqual(LIST);
      expect(await slice("modelscope/some/table", 10)).toEqual([
        { input: 'a, "b"\nc', output: "d" },
        { input: null, output: "e" },
        { input: "f", output: "g" },
      ]);
    });

    test("refuses Parquet with what to do, unknown datasets, bad names and files of no training", async () => {
      const parquet = (await (await ask("modelscope/some/columns")).json()) as { message: string };
      expect(parquet.message).toContain("to_json");
      expect((await ask("huggingface/some/nothing")).status).toBe(404);
      expect((await ask("modelscope/some/table", "test.csv")).status).toBe(404);
      expect((await ask("modelscope/some/table", "../train-1.csv")).status).toBe(404);
      expect((await ask("elsewhere/some/list")).status).toBe(400);
      expect(await readFile(log(), "utf8")).not.toContain("UNKNOWN");
    });
  });
}
