import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StudioError } from "@/lib/base/errors";
import { pigLatinRows } from "@/lib/dataset/samples";
import { openDatabase } from "@/lib/storage/database";
import { listDatasets, removeLeftovers } from "@/lib/storage/datasets";
import type { FileStore } from "@/lib/storage/file-store";
import { getModelFiles } from "@/lib/storage/model-files";
import { memoryFileStore } from "@/lib/storage/memory-file-store";
import { openTokenRows } from "@/lib/storage/token-set-files";
import { chatMlFiles, QWEN2_LIKE_TEMPLATE } from "@/lib/tokenizer/chatml-files";
import type { TokenizerFiles } from "@/lib/tokenizer/codec";
import type { GivenFiles } from "@/lib/tokenizer/given-files";
import type { ReadModelFile } from "@/lib/tokenizer/model-files";
import { createDatasetHost, type WorkerPort } from "./dataset-client";
import type { DatasetService } from "./dataset-messages";
import { serveDataset } from "./dataset-port";
import { datasetService } from "./dataset-service";
import type { DatasetHost, Progress } from "./hosts";

const MODEL = "Qwen/Test";
const { signal } = new AbortController();
const chatLine = (ask: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: "user", content: ask },
      { role: "assistant", content: answer },
    ],
  });

let ports: MessagePort[] = [];
let openedWorkers = 0;
let store: FileStore;
let template: string | null;

const readOfModel: ReadModelFile = (model, file) => {
  const files = chatMlFiles(template);
  if (model !== MODEL) return Promise.resolve(null);
  if (file === "tokenizer.json") return Promise.resolve(files.tokenizerJson);
  if (file === "tokenizer_config.json") return Promise.resolve(files.tokenizerConfig);
  if (file === "chat_template.jinja") return Promise.resolve(files.chatTemplate);
  if (file === "config.json")
    return Promise.resolve(`{"hidden_size":64,"max_position_embeddings":512}`);
  return Promise.resolve(null);
};

/** Files given by hand, else those of the one model. */
const readingGiven: ReadModelFile = async (model, file, options) => {
  const given = await getModelFiles(model);
  return given ? ((await given.files[file]?.text()) ?? null) : readOfModel(model, file, options);
};

function newService(readFile = readOfModel): DatasetService {
  let id = 0;
  let time = 0;
  return datasetService({ store, readFile, fetch, newId: () => `id-${++id}`, now: () => ++time });
}

/** The client and the worker's own code, joined by a real message channel. */
function connect(service = newService()): DatasetHost {
  return createDatasetHost(() => {
    openedWorkers++;
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    serveDataset(port2, service);
    return Object.assign(port1, { terminate: () => port1.close() }) as unknown as WorkerPort;
  });
}

/** Locks of one page: those of the same name wait for each other. */
function fakeLocks() {
  const last = new Map<string, Promise<unknown>>();
  return {
    request(name: string, _options: LockOptions, action: (lock: object) => Promise<unknown>) {
      const turn = (last.get(name) ?? Promise.resolve()).then(() => action({}));
      last.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

async function importText(
  host: DatasetHost,
  text: string,
  onProgress?: (progress: Progress) => void,
) {
  const options = { name: "rows.jsonl", source: "file" as const, signal };
  return host.importFile(new Blob([text]), onProgress ? { ...options, onProgress } : options);
}

beforeEach(() => {
  store = memoryFileStore();
  template = QWEN2_LIKE_TEMPLATE;
  openedWorkers = 0;
});

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const port of ports) port.close();
  ports = [];
  const database = await openDatabase();
  await Promise.all([database.clear("datasets"), database.clear("token-sets")]);
});

describe("importing", () => {
  test("a file is stored with its facts, problems and rows", async () => {
    const host = connect();
    const text = [chatLine("a", "b"), "nonsense", "", chatLine("你", "好")].join("\n");
    const record = await importText(host, text);
    expect(record).toEqual({
      id: "id-1",
      name: "rows.jsonl",
      format: "messages",
      sampleKind: "chat",
      source: "file",
      sizeBytes: new TextEncoder().encode(text).length,
      rowCount: 2,
      problemCount: 1,
      problems: [{ line: 2, code: "not_json", params: expect.anything() as object }],
      createdAt: 1,
    });
    expect(await listDatasets()).toEqual([record]);
    expect(await host.readRows(record.id, 1, 10)).toEqual([
      {
        index: 1,
        line: 4,
        raw: chatLine("你", "好"),
        sample: {
          kind: "chat",
          messages: [
            { role: "user", content: "你" },
            { role: "assistant", content: "好" },
          ],
        },
      },
    ]);
  });

  test("rows are found wherever they lie, also beyond a giant line between them", async () => {
    const host = connect();
    const long = chatLine("a", "x".repeat(3_000_000));
    const lines = [chatLine("a", "1"), `"${"y".repeat(9_000_000)}"`, long, chatLine("a", "2")];
    const { id, rowCount, problems } = await importText(host, lines.join("\n"));
    expect(rowCount).toBe(3);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([[2, "line_too_long"]]);
    const rows = await host.readRows(id, 0, 3);
    expect(rows.map(({ line, raw }) => [line, raw])).toEqual([
      [1, lines[0]],
      [3, long.slice(0, 20_000)],
      [4, lines[3]],
    ]);
  });

  test("a table is kept as its rows, which are found again", async () => {
    const host = connect();
    const name = "rows.csv";
    const table = new Blob(['input,output\n"a\nb",c\n\nd,e\n']);
    const record = await host.importFile(table, { name, source: "file", signal });
    expect(record).toMatchObject({ name, format: "input_output", rowCount: 2, problemCount: 0 });
    expect(await host.readRows(record.id, 1, 1)).toMatchObject([
      { line: 2, raw: '{"input":"d","output":"e"}' },
    ]);
  });

  test("only the first 500 problems are kept, all are counted", async () => {
    const record = await importText(connect(), `${"x\n".repeat(700)}${chatLine("a", "b")}`);
    expect(record.problemCount).toBe(700);
    expect(record.problems).toHaveLength(500);
    expect(record.problems.at(-1)?.line).toBe(500);
  });

  test("a file without usable rows leaves nothing behind", async () => {
    const failure = importText(connect(), "x\ny");
    await expect(failure).rejects.toMatchObject({
      code: "dataset_invalid",
      details: { cause: "no_usable_rows", problem: "not_json", line: 1 },
    });
    expect(await store.list("datasets")).toEqual([]);
    expect(await listDatasets()).toEqual([]);
  });

  test("a full browser is told, and leaves nothing half-done", async () => {
    store = memoryFileStore({ quotaBytes: 1000 });
    const failure = importText(connect(), `${chatLine("a", "b")}\n`.repeat(100));
    await expect(failure).rejects.toMatchObject({ code: "storage_full" });
    expect(await store.list("datasets")).toEqual([]);
    expect(await listDatasets()).toEqual([]);
  });

  test("a cancelled import leaves nothing behind", async () => {
    const abort = new AbortController();
    const file = new Blob([chatLine("a", "b")]);
    const args = { file, name: "n", source: "file" as const, placeholders: null };
    const context = { signal: abort.signal, onProgress: () => abort.abort() };
    await expect(newService().importFile(args, context)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(await store.list("datasets")).toEqual([]);
    expect(await listDatasets()).toEqual([]);
  });

  test("files without a record are cleared away, others are not", async () => {
    const host = connect();
    const { id } = await importText(host, chatLine("a", "b"));
    const tokenSet = await host.tokenize(id, MODEL, { signal });
    for (const path of ["datasets/lost/source", "tokens/lost/tokens"])
      (await store.create(path)).close();
    await removeLeftovers(store);
    expect(await store.list("datasets")).toEqual([id]);
    expect(await store.list("tokens")).toEqual([tokenSet.id]);
  });
});

describe("tokenizing", () => {
  test("rows are stored with their weights and facts, and used again", async () => {
    const host = connect();
    const { id } = await importText(
      host,
      [chatLine("a", "b"), chatLine("<|im_end|>", "c"), chatLine("a", "hello w")].join("\n"),
    );
    const record = await host.tokenize(id, MODEL, { signal });
    const rows = await openTokenRows(record.id, store);
    expect(record).toMatchObject({
      datasetId: id,
      baseModel: MODEL,
      rowCount: 2,
      tokenCount: (rows.lengths[0] ?? 0) + (rows.lengths[1] ?? 0),
      trainedTokenCount: 5,
      longestRow: rows.lengths[1],
      p50: rows.lengths[0],
      p95: rows.lengths[1],
      problemCount: 1,
      problems: [{ line: 2, code: "special_token_in_text", params: { token: "<|im_end|>" } }],
    });
    expect([...rows.lines]).toEqual([1, 3]);
    expect([...rows.trained]).toEqual([2, 3]);

    const [second, first] = await rows.read([1, 0]);
    const pieces = await host.rowTokens(id, MODEL, 2);
    expect([...(second?.tokens ?? [])]).toEqual(pieces.map((piece) => piece.id));
    expect([...(second?.weights ?? [])]).toEqual(pieces.map((piece) => piece.weight));
    expect(first?.tokens).toHaveLength(rows.lengths[0] ?? 0);
    expect([...(await host.rowLengths(record.id))]).toEqual([rows.lengths[0], 0, rows.lengths[1]]);

    expect(await host.tokenize(id, MODEL, { signal })).toEqual(record);
    expect(await store.list("tokens")).toEqual([record.id]);
  });

  test("a cancelled one leaves nothing behind", async () => {
    const service = newService();
    const { id } = await importText(connect(service), pigLatinRows());
    const abort = new AbortController();
    const context = { signal: abort.signal, onProgress: () => abort.abort() };
    const tokenizing = service.tokenize({ datasetId: id, baseModel: MODEL }, context);
    await expect(tokenizing).rejects.toMatchObject({ name: "AbortError" });
    expect(await store.list("tokens")).toEqual([]);
  });

  test("two that ask at once get one set", async () => {
    vi.stubGlobal("navigator", { locks: fakeLocks() });
    const host = connect();
    const { id } = await importText(host, pigLatinRows());
    const [one, other] = await Promise.all([
      host.tokenize(id, MODEL, { signal }),
      host.tokenize(id, MODEL, { signal }),
    ]);
    expect(one).toEqual(other);
  });

  test("the plan and the histogram count the stored rows", async () => {
    const host = connect();
    const dataset = await importText(host, pigLatinRows());
    const { id, longestRow } = await host.tokenize(dataset.id, MODEL, { signal });
    const { upTo, counts } = await host.lengthHistogram(id, 8);
    expect(upTo).toBe(longestRow);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(240);
    expect(counts.at(-1)).toBeGreaterThan(0);

    const config = { datasetId: dataset.id, baseModel: MODEL, seed: 1, epochs: 2, batchSize: 8 };
    const lengths = { maxLength: 512, overLength: "drop", validationShare: 0.1 } as const;
    const plan = await host.planRun({ ...config, ...lengths } as Parameters<
      DatasetHost["planRun"]
    >[0]);
    expect(plan.trainRows.length + plan.validationRows.length).toBe(240);
    await expect(
      host.planRun({ ...config, ...lengths, baseModel: "other" } as Parameters<
        DatasetHost["planRun"]
      >[0]),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("nothing stays of a set for which there is no room", async () => {
    const host = connect();
    const text = pigLatinRows();
    store = memoryFileStore({ quotaBytes: text.length + 240 * 24 + 1000 });
    const { id } = await importText(connect(), text);
    await expect(connect().tokenize(id, MODEL, { signal })).rejects.toMatchObject({
      code: "storage_full",
    });
    expect(await store.list("tokens")).toEqual([]);
    await host.removeDataset(id);
  });

  test("a dataset goes with everything that was tokenized from it", async () => {
    const host = connect();
    const { id } = await importText(host, pigLatinRows());
    await host.tokenize(id, MODEL, { signal });
    await host.removeDataset(id);
    expect([
      await store.list("datasets"),
      await store.list("tokens"),
      await listDatasets(),
    ]).toEqual([[], [], []]);
    await expect(host.readRows(id, 0, 1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("conversations need a chat template, plain text does not", async () => {
    template = null;
    const host = connect();
    const chat = await importText(host, chatLine("a", "b"));
    await expect(host.tokenize(chat.id, MODEL, { signal })).rejects.toMatchObject({
      code: "template_invalid",
    });
    await expect(host.rowTokens(chat.id, MODEL, 0)).rejects.toMatchObject({
      details: { problem: "template_failed" },
    });
    await expect(host.encodeChat(MODEL, [])).rejects.toMatchObject({ code: "template_invalid" });
    const text = await importText(host, `{"text":"hello"}`);
    expect((await host.tokenize(text.id, MODEL, { signal })).rowCount).toBe(1);
    expect(await host.modelFacts(MODEL)).toEqual({
      hiddenSize: 64,
      maxPositions: 512,
      hasChatTemplate: false,
    });
  });

  test("a template that fails is named with its line before any row is tried, and stops texts from nothing", async () => {
    template = "{%- for message in messages %}\n{{ message.content | shout }}\n{% endfor %}";
    const host = connect();
    const refusal = {
      code: "template_invalid",
      details: { model: MODEL, line: 2, reason: expect.stringContaining("shout") as string },
    };
    const chat = await importText(host, chatLine("a", "b"));
    await expect(host.tokenize(chat.id, MODEL, { signal })).rejects.toMatchObject(refusal);
    await expect(host.encodeChat(MODEL, [{ role: "user", content: "a" }])).rejects.toMatchObject(
      refusal,
    );
    expect(await host.loadTokenizer(MODEL)).toMatchObject({
      stop: ["<|im_end|>"],
      templateProblem: refusal,
    });
    const text = await importText(host, `{"text":"hello"}`);
    expect((await host.tokenize(text.id, MODEL, { signal })).rowCount).toBe(1);
  });

  test("a dataset of which no row can be tokenized is refused with the first reason", async () => {
    const host = connect();
    const { id } = await importText(host, chatLine("<|im_start|>", "b"));
    await expect(host.tokenize(id, MODEL, { signal })).rejects.toMatchObject({
      code: "dataset_invalid",
      details: {
        cause: "no_usable_rows",
        problem: "special_token_in_text",
        line: 1,
        token: "<|im_start|>",
      },
    });
    expect(await store.list("tokens")).toEqual([]);
  });

  test("a model without a tokenizer is named", async () => {
    const failure = connect().encodeText("no/such", "a");
    await expect(failure).rejects.toMatchObject({
      code: "tokenizer_unavailable",
      details: { model: "no/such" },
    });
  });
});

describe("files of a model that are given by hand", () => {
  const named = ({ tokenizerJson, tokenizerConfig, chatTemplate }: TokenizerFiles): GivenFiles => ({
    "tokenizer.json": new Blob([tokenizerJson]),
    "tokenizer_config.json": new Blob([tokenizerConfig ?? ""]),
    "chat_template.jinja": new Blob([chatTemplate ?? ""]),
  });
  const kept = async () => Object.keys((await getModelFiles("acme/offline"))?.files ?? {});

  test("are kept once they make a tokenizer, used from then on, and can be dropped again", async () => {
    const host = connect(newService(readingGiven));
    await expect(host.loadTokenizer("acme/offline")).rejects.toMatchObject({
      code: "tokenizer_unavailable",
      details: { cause: "absent" },
    });
    const files = named(chatMlFiles(QWEN2_LIKE_TEMPLATE));
    const faults = await host.giveModelFiles("acme/offline", {
      ...files,
      "tokenizer.json": new Blob(),
    });
    expect(faults).toMatchObject([{ file: "tokenizer.json", code: "not_json" }]);
    expect(await kept()).toEqual([]);

    expect(await host.giveModelFiles("acme/offline", files)).toEqual([]);
    expect(await kept()).toEqual(Object.keys(files));
    expect((await host.loadTokenizer("acme/offline")).templateProblem).toBeNull();

    await host.dropModelFiles("acme/offline");
    expect(await kept()).toEqual([]);
    await expect(host.loadTokenizer("acme/offline")).rejects.toThrow("no tokenizer.json");
  });

  test("replace what was tokenized with those before them", async () => {
    const host = connect(newService(readingGiven));
    await host.giveModelFiles("acme/offline", named(chatMlFiles(QWEN2_LIKE_TEMPLATE)));
    const { id } = await importText(host, chatLine("a", "b"));
    const before = await host.tokenize(id, "acme/offline", { signal });
    const other = await host.tokenize(id, MODEL, { signal });
    const bare = "{% for m in messages %}{{ m.content + '<|im_end|>' }}{% endfor %}";
    await host.giveModelFiles("acme/offline", named(chatMlFiles(bare)));
    const after = await host.tokenize(id, "acme/offline", { signal });
    expect(after.tokenCount).toBeLessThan(before.tokenCount);
    expect(await host.tokenize(id, MODEL, { signal })).toEqual(other);
    expect(await store.list("tokens")).toEqual([other.id, after.id]);
    await host.dropModelFiles("acme/offline");
  });
});

test("a prompt is encoded with its stops, and decoded without special tokens", async () => {
  const host = connect();
  const prompt = await host.encodeChat(MODEL, [{ role: "user", content: "hello" }]);
  expect(prompt.text).toMatch(/<\|im_start\|>user\nhello<\|im_end\|>\n<\|im_start\|>assistant\n$/);
  expect(prompt.stop).toEqual(["<|im_end|>"]);
  expect(await host.decode(MODEL, prompt.ids)).toContain("user\nhello\n");
  expect(await host.decode(MODEL, (await host.encodeText(MODEL, "a 你")).ids)).toBe("a 你");
});

describe("the port", () => {
  test("a worker that dies rejects what waits for it, and the next call opens another", async () => {
    let worker: WorkerPort | undefined;
    const host = createDatasetHost(() => {
      openedWorkers++;
      worker = {
        postMessage: () => {},
        onmessage: null,
        onmessageerror: null,
        onerror: null,
        terminate: () => {},
      };
      return worker;
    });
    const waiting = [host.readRows("a", 0, 1), host.removeDataset("a")];
    worker?.onerror?.({ message: "out of memory" } as ErrorEvent);
    for (const call of waiting) {
      await expect(call).rejects.toSatisfy(
        (error) => error instanceof StudioError && error.code === "worker_crashed",
      );
    }
    void host.readRows("a", 0, 1).catch(() => undefined);
    expect(openedWorkers).toBe(2);
  });

  test("a call that is cancelled rejects with the signal's own reason once the worker lets go", async () => {
    const abort = new AbortController();
    const reason = new DOMException("enough", "AbortError");
    let letGo = false;
    const tokenize: DatasetService["tokenize"] = (_args, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          letGo = true;
          reject(signal.reason as Error);
        }),
      );
    const call = connect({ ...newService(), tokenize }).tokenize("a", MODEL, {
      signal: abort.signal,
    });
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(letGo).toBe(true);
  });

  test("a call that is cancelled before it begins never reaches the worker", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(connect().tokenize("a", MODEL, { signal: abort.signal })).rejects.toBe(
      abort.signal.reason,
    );
    expect(openedWorkers).toBe(0);
  });

  test("progress is told, but at most twenty times a second", async () => {
    const seen: Progress[] = [];
    const started = performance.now();
    await importText(connect(), `${chatLine("a", "b")}\n`.repeat(50_000), (progress) =>
      seen.push(progress),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual((performance.now() - started) / 50 + 1);
  });
});
