import { beforeEach, describe, expect, test } from "vitest";
import { chatMlFiles } from "./chatml-files";
import { checkGivenFiles, type GivenFiles } from "./given-files";
import { readModelFacts } from "./model-facts";
import { modelFileReader, type ReadModelFile } from "./model-files";
import { modelTokenizers } from "./model-tokenizers";

const { signal } = new AbortController();

describe("a model's files", () => {
  let kept: Map<string, Response>;
  let asked: { url: string; etag: string | null }[];
  let answer: () => Response | Promise<Response>;
  let read: ReadModelFile;
  let given: GivenFiles | null;

  beforeEach(() => {
    kept = new Map();
    given = null;
    asked = [];
    const cache = {
      match: (url: string) => Promise.resolve(kept.get(url)?.clone()),
      put: (url: string, response: Response) => Promise.resolve(void kept.set(url, response)),
      delete: (url: string) => Promise.resolve(kept.delete(url)),
    };
    read = modelFileReader({
      fetch: (url, init) => {
        const etag = new Headers(init?.headers).get("if-none-match");
        asked.push({ url: url as string, etag });
        return Promise.resolve().then(answer);
      },
      caches: { open: () => Promise.resolve(cache as unknown as Cache) },
      givenFiles: () => Promise.resolve(given),
    });
  });

  const fresh = (text: string) => () => new Response(text, { headers: { etag: `"${text}"` } });

  test("are asked for by name and kept", async () => {
    answer = fresh("one");
    expect(await read("Qwen/Test", "config.json", { signal })).toBe("one");
    expect(asked).toEqual([
      { url: "/api/models/files?model=Qwen%2FTest&file=config.json", etag: null },
    ]);
  });

  test("are only compared when asked for again, and replaced when they have changed", async () => {
    answer = fresh("one");
    await read("a/b", "config.json", { signal });
    answer = () => new Response(null, { status: 304 });
    expect(await read("a/b", "config.json", { signal })).toBe("one");
    answer = fresh("two");
    expect(await read("a/b", "config.json", { signal })).toBe("two");
    expect(asked.map(({ etag }) => etag)).toEqual([null, `"one"`, `"one"`]);
  });

  test("serve from the copy when they cannot be had, and are missed without one", async () => {
    answer = fresh("one");
    await read("a/b", "config.json", { signal });
    for (const failure of [
      () => Promise.reject(new TypeError("failed to fetch")),
      () => Response.json({ code: "hub_unreachable", message: "The hub sleeps." }, { status: 502 }),
    ]) {
      answer = failure;
      expect(await read("a/b", "config.json", { signal })).toBe("one");
      await expect(read("a/c", "config.json", { signal })).rejects.toMatchObject({
        code: "tokenizer_unavailable",
        retryable: true,
        message: expect.stringMatching(/hub sleeps|cannot be reached/) as string,
      });
    }
  });

  test("that a model does not have are null, also after it had them", async () => {
    answer = fresh("one");
    await read("a/b", "config.json", { signal });
    answer = () => new Response("{}", { status: 404 });
    expect(await read("a/b", "config.json", { signal })).toBeNull();
    expect(kept.size).toBe(0);
  });

  test("are those given by hand and no others, as long as there are any", async () => {
    answer = fresh("theirs");
    given = { "config.json": new Blob(["mine"]) };
    expect(await read("a/b", "config.json", { signal })).toBe("mine");
    expect(await read("a/b", "generation_config.json", { signal })).toBeNull();
    expect(asked).toEqual([]);
    given = null;
    expect(await read("a/b", "config.json", { signal })).toBe("theirs");
  });

  test("say why there are none: nobody has them, or nobody could be asked", async () => {
    for (const [status, cause] of [
      [400, "absent"],
      [502, "unreachable"],
    ] as const) {
      answer = () => Response.json({}, { status });
      await expect(read("gpt", "config.json", { signal })).rejects.toMatchObject({
        details: { cause },
      });
    }
  });

  test("are no longer waited for once the signal aborts", async () => {
    answer = () => Promise.reject(new DOMException("enough", "AbortError"));
    await expect(read("a/b", "config.json", { signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

test("tokenizers are loaded once, and the one that was used longest ago is let go", async () => {
  const loads: string[] = [];
  const getTokenizer = modelTokenizers((model, file) => {
    if (file === "tokenizer.json") loads.push(model);
    return Promise.resolve(file === "tokenizer.json" ? chatMlFiles(null).tokenizerJson : null);
  });
  const first = await getTokenizer("a");
  expect(await getTokenizer("a")).toBe(first);
  await getTokenizer("b");
  await getTokenizer("a");
  await getTokenizer("c");
  await getTokenizer("a");
  await getTokenizer("b");
  expect(loads).toEqual(["a", "b", "c", "b"]);
});

test("a tokenizer that could not be loaded is tried again", async () => {
  let isThere = false;
  const getTokenizer = modelTokenizers((_model, file) =>
    Promise.resolve(isThere && file === "tokenizer.json" ? chatMlFiles(null).tokenizerJson : null),
  );
  await expect(getTokenizer("a")).rejects.toMatchObject({ code: "tokenizer_unavailable" });
  isThere = true;
  expect((await getTokenizer("a")).encodeText("a")).toHaveLength(1);
});

test.each([
  [{ "config.json": `{"hidden_size":8,"max_position_embeddings":16}` }, 8, 16, false],
  [
    { "config.json": `{"text_config":{"hidden_size":8}}`, "chat_template.jinja": "x" },
    8,
    null,
    true,
  ],
  [
    { "config.json": `{"hidden_size":"8"}`, "tokenizer_config.json": `{"chat_template":"x"}` },
    null,
    null,
    true,
  ],
  [{}, null, null, false],
] as [Record<string, string>, number | null, number | null, boolean][])(
  "the facts in %j",
  async (files, hiddenSize, maxPositions, hasChatTemplate) => {
    const read: ReadModelFile = (_model, file) => Promise.resolve(files[file] ?? null);
    expect(await readModelFacts("a/b", read, { signal })).toEqual({
      hiddenSize,
      maxPositions,
      hasChatTemplate,
    });
  },
);

describe("files given by hand", () => {
  const files = chatMlFiles(null);
  const whole = { "tokenizer.json": files.tokenizerJson, "tokenizer_config.json": "{}" };
  const check = (texts: Record<string, string>) =>
    checkGivenFiles(
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Blob([text])])),
    );

  test("are whole with a tokenizer and its configuration, whatever their template does", async () => {
    expect(await check(whole)).toEqual([]);
    expect(await check({ ...whole, "chat_template.jinja": "{% nonsense %}" })).toEqual([]);
  });

  test.each([
    [{}, ["tokenizer.json missing", "tokenizer_config.json missing"]],
    [{ ...whole, "tokenizer.json": "<html>" }, ["tokenizer.json not_json"]],
    [{ ...whole, "generation_config.json": "[1]" }, ["generation_config.json not_json"]],
    [{ ...whole, "tokenizer.json": "{}" }, ["tokenizer.json no_tokenizer"]],
    [{ ...whole, "config.json": " ".repeat(64 * 1024 ** 2 + 1) }, ["config.json too_large"]],
  ])("are refused one by one", async (texts: Record<string, string>, faults) => {
    expect((await check(texts)).map(({ file, code }) => `${file} ${code}`)).toEqual(faults);
  });
});
