import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { StudioError } from "@/lib/base/errors";
import { jsonErrorIndex } from "./json-error";
import { readRecords, type FileChunk } from "./records";
import { RowReader, type DatasetSummary, type LocatedRow } from "./row-reader";
import type { RowProblem } from "./types";

const utf8 = new TextEncoder();
const signal = new AbortController().signal;

async function importBytes(bytes: Uint8Array, chunkSize = 7, name = "a.jsonl") {
  const rows: LocatedRow[] = [];
  const problems: RowProblem[] = [];
  const reader = new RowReader();
  for await (const chunk of readRecords(streamOf(bytes, chunkSize), { name, signal })) {
    const batch = reader.read(chunk.records);
    rows.push(...batch.rows);
    problems.push(...batch.problems);
  }
  const batch = reader.end();
  const summary = reader.summary();
  return { rows: [...rows, ...batch.rows], problems: [...problems, ...batch.problems], summary };
}

const importText = (text: string, chunkSize?: number) => importBytes(utf8.encode(text), chunkSize);

function streamOf(bytes: Uint8Array, chunkSize: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += chunkSize)));
    },
  });
}

async function refusal(text: string): Promise<StudioError> {
  const error = await importText(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  return error as StudioError;
}

const CHAT = `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}`;
const chatSample = {
  kind: "chat",
  messages: [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello" },
  ],
};

/** The problem of one bad row between good ones. */
async function problemOf(row: string, good = CHAT): Promise<RowProblem> {
  const { rows, problems } = await importText([good, row, good].join("\n"));
  expect(rows.map(({ line }) => line)).toEqual([1, 3]);
  expect(problems).toHaveLength(1);
  return problems[0] as RowProblem;
}

describe("formats", () => {
  const cases: [DatasetSummary["format"], string, unknown][] = [
    ["messages", CHAT, chatSample],
    [
      "conversations",
      `{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}]}`,
      chatSample,
    ],
    ["instruction", `{"instruction":"Hi","input":"","output":"Hello"}`, chatSample],
    ["input_output", `{"input":"Hi","output":"Hello"}`, chatSample],
    ["query_response", `{"query":"Hi","response":"Hello"}`, chatSample],
    [
      "prompt_completion",
      `{"prompt":"Hi","completion":"Hello"}`,
      { kind: "completion", prompt: "Hi", completion: "Hello" },
    ],
    ["text", `{"text":"Hi"}`, { kind: "text", text: "Hi" }],
    [
      "prompt_completion",
      `{"prompt":[{"role":"user","content":"Hi"}],"completion":[{"role":"assistant","content":"Hello"}]}`,
      chatSample,
    ],
  ];
  test.each(cases)("%s rows are recognised: %s", async (format, row, sample) => {
    const { rows, problems, summary } = await importText(row);
    expect(summary.format).toBe(format);
    expect(rows.map((each) => each.sample)).toEqual([sample]);
    expect(problems).toEqual([]);
  });

  test("an instruction's input follows it on a line of its own", async () => {
    const { rows } = await importText(`{"instruction":"Add","input":"1 2","output":"3"}`);
    expect(rows[0]?.sample).toMatchObject({
      messages: [{ content: "Add\n1 2" }, { content: "3" }],
    });
  });

  test("a query brings its system text and its history along", async () => {
    const { rows } = await importText(
      `{"system":"S","history":[["a","b"]],"query":"c","response":"d"}`,
    );
    expect(rows[0]?.sample).toEqual({
      kind: "chat",
      messages: [
        { role: "system", content: "S" },
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
        { role: "assistant", content: "d" },
      ],
    });
  });

  test("the majority of the first rows decides, and a row of another format is named", async () => {
    const { rows, problems, summary } = await importText([`{"text":"no"}`, CHAT, CHAT].join("\n"));
    expect(summary).toEqual({ format: "messages", sampleKind: "chat" });
    expect(rows.map(({ line }) => line)).toEqual([2, 3]);
    expect(problems).toEqual([
      { line: 1, code: "mixed_format", params: { expected: "messages", found: "text" } },
    ]);
  });
});

describe("what a bad row is told", () => {
  test.each<[string, string, RowProblem["params"]]>([
    [
      `{"messages":[{"role":"user" "content"}]}`,
      "not_json",
      { reason: "Expected ',' or '}' after property value", column: 29 },
    ],
    [`{"messages":}`, "not_json", { reason: "Unexpected token '}'", column: 13 }],
    [`{"messages":[`, "not_json", { reason: "Unexpected end of JSON input", column: 14 }],
    [`"just a string"`, "not_an_object", { found: "string" }],
    [`{"chosen":1,"rejected":2}`, "unknown_shape", { fields: "chosen, rejected" }],
    [`{"messages":null,"text":"x"}`, "mixed_format", { expected: "messages", found: "text" }],
    [
      `{"messages":"Hi"}`,
      "wrong_type",
      { field: "messages", message: 0, expected: "list", found: "string" },
    ],
    [`{"messages":[]}`, "no_messages", { field: "messages" }],
    [
      `{"messages":["Hi"]}`,
      "wrong_type",
      { field: "messages", message: 1, expected: "object", found: "string" },
    ],
    [`{"messages":[{"content":"Hi"}]}`, "missing_role", { message: 1 }],
    [
      `{"messages":[{"role":"user","content":"Hi"},{"role":"tool","content":"x"}]}`,
      "unknown_role",
      { role: "tool", message: 2 },
    ],
    [`{"messages":[{"role":"user"}]}`, "missing_field", { field: "content", message: 1 }],
    [
      `{"messages":[{"role":"user","content":5}]}`,
      "wrong_type",
      { field: "content", message: 1, expected: "string", found: "number" },
    ],
    [`{"messages":[{"role":"user","content":"Hi"}]}`, "no_answer", { field: "messages" }],
    [
      `{"messages":[{"role":"assistant","content":" "}]}`,
      "empty_answer",
      { field: "content", message: 1 },
    ],
  ])("%s", async (row, code, params) => {
    expect(await problemOf(row)).toEqual({ line: 2, code, params });
  });

  test("a missing answer field is named rather than the format doubted", async () => {
    const good = `{"prompt":"a","completion":"b"}`;
    expect(await problemOf(`{"prompt":"a"}`, good)).toMatchObject({
      code: "missing_field",
      params: { field: "completion" },
    });
    expect(await problemOf(`{"prompt":"a","completion":""}`, good)).toMatchObject({
      code: "empty_answer",
    });
    expect(await problemOf(`{"prompt":["a"],"completion":"b"}`, good)).toMatchObject({
      code: "wrong_type",
      params: { field: "prompt", found: "list" },
    });
  });

  test("bytes that are no UTF-8 spoil only their own line", async () => {
    const bytes = utf8.encode([CHAT, `{"text":"?"}`, CHAT].join("\n"));
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const { rows, problems } = await importBytes(bytes);
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
    expect(problems).toEqual([{ line: 2, code: "not_utf8", params: {} }]);
  });

  test("a giant line is passed over and the rows around it survive", async () => {
    const giant = new Uint8Array(100 * 1024 * 1024).fill(0x61);
    const good = utf8.encode(`${CHAT}\n`);
    const parts = [good, giant, utf8.encode("\n"), good];
    const stream = new Blob(parts).stream();
    const reader = new RowReader();
    const problems: RowProblem[] = [];
    for await (const chunk of readRecords(stream, { name: "a.jsonl", signal }))
      problems.push(...reader.read(chunk.records).problems);
    const { rows, problems: last } = reader.end();
    expect([...problems, ...last]).toEqual([
      { line: 2, code: "line_too_long", params: { limitMegabytes: 8 } },
    ]);
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
  });
});

describe("files as a whole", () => {
  test.each([
    ["", "empty_file"],
    [" \n\n", "empty_file"],
    ['{\n  "messages": []\n}', "one_object"],
    [`{"rows":[${CHAT}]}`, "one_object"],
    ["nonsense\nmore", "no_usable_rows"],
    ["[]", "empty_file"],
    [`["a"]`, "no_usable_rows"],
  ])("%j is refused as %s", async (text, cause) => {
    const error = await refusal(text);
    expect(error.code).toBe("dataset_invalid");
    expect(error.details?.["cause"]).toBe(cause);
  });

  test("the refusal of a file carries its first problem", async () => {
    expect((await refusal(`\n{"a":1}`)).details).toEqual({
      cause: "no_usable_rows",
      problem: "unknown_shape",
      line: 2,
      fields: "a",
    });
  });

  test("CRLF, a byte order mark, blank lines and a missing last line end are all read", async () => {
    const { rows, problems } = await importText(`\uFEFF${CHAT}\r\n\r\n${CHAT}\r\n  \r\n${CHAT}`);
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5]);
    expect(problems).toEqual([]);
  });

  test("a list of rows is read element by element, wherever the chunks end", async () => {
    const tricky = `{"messages":[{"role":"user","content":"],[ \\"{\\\\"},{"role":"assistant","content":"é你"}]}`;
    const bytes = utf8.encode(` [\n${CHAT},\n  ${tricky} , 7,${CHAT}\n]\n`);
    for (let chunkSize = 1; chunkSize < 40; chunkSize++) {
      const { rows, problems } = await importBytes(bytes, chunkSize);
      expect(rows.map(({ line }) => line)).toEqual([1, 2, 4]);
      expect(problems).toEqual([{ line: 3, code: "not_an_object", params: { found: "number" } }]);
      expect(rows.map((row) => textAt(bytes, row))).toEqual([CHAT, tricky, CHAT]);
    }
  });

  test("a list that is cut off keeps the rows before the cut, and what follows a list is reported", async () => {
    const cut = await importText(`[${CHAT},{"messages":[`);
    expect(cut.rows).toHaveLength(1);
    expect(cut.problems).toMatchObject([{ line: 2, code: "not_json" }]);
    const trailing = await importText(`[${CHAT}] more`);
    expect(trailing.problems).toMatchObject([{ line: 2, code: "not_json" }]);
  });

  test("a file with the name of a table is one, and has to be UTF-8", async () => {
    const bytes = utf8.encode('prompt,completion\n"a ""b"",\nc",é\n,none\n');
    const { rows, problems } = await importBytes(bytes, 1, "rows.CSV");
    expect(rows).toMatchObject([{ line: 1, sample: { prompt: 'a "b",\nc', completion: "é" } }]);
    expect(problems).toMatchObject([{ line: 2, code: "missing_field" }]);
    await expect(importBytes(Uint8Array.of(0x61, 0x0a, 0xe9), 1, "a.csv")).rejects.toMatchObject({
      code: "dataset_invalid",
      details: { cause: "table_not_utf8" },
    });
  });

  test("reading stops with the signal's reason", async () => {
    const abort = new AbortController();
    const reading = (async () => {
      const seen: FileChunk[] = [];
      for await (const chunk of readRecords(streamOf(utf8.encode(CHAT), 1), {
        name: "a.jsonl",
        signal: abort.signal,
      })) {
        seen.push(chunk);
        abort.abort();
      }
      return seen;
    })();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("for any file", () => {
  const badLine = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 40 }).map((text) => utf8.encode(text)),
    fc.json().map((text) => utf8.encode(text)),
  );

  test("good rows survive with their line numbers and byte ranges, and nothing else throws", async () => {
    const line = fc.oneof(
      fc.constant(utf8.encode(CHAT)),
      badLine.map((bytes) => bytes.filter((byte) => byte !== 0x0a)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        async (lines, chunkSize) => {
          const bytes = joined([utf8.encode(CHAT), ...lines]);
          const { rows, problems } = await importBytes(bytes, chunkSize);
          const good = [utf8.encode(CHAT), ...lines].flatMap((each, index) =>
            new TextDecoder().decode(each).trim() === CHAT ? [index + 1] : [],
          );
          expect(rows.filter((row) => textAt(bytes, row) === CHAT).map((row) => row.line)).toEqual(
            good,
          );
          const lineNumbers = [...rows, ...problems].map((each) => each.line);
          expect(new Set(lineNumbers).size).toBe(lineNumbers.length);
          expect(Math.max(...lineNumbers)).toBeLessThanOrEqual(lines.length + 1);
        },
      ),
    );
  });

  test("any bytes end in rows or in a StudioError", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom("", "[", "[{", "{"),
        async (bytes, head) => {
          const result = await importBytes(joined([utf8.encode(head), bytes])).catch(
            (error: unknown) => error,
          );
          if (result instanceof Error) expect(result).toBeInstanceOf(StudioError);
        },
      ),
    );
  });

  test("the place of a JSON error is never beyond the one that the parser names", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom("}", "]", ",", "x", "\u0001", ""),
        (json, at, stray) => {
          const cut = at % (json.length + 1);
          const text = json.slice(0, cut) + stray + (stray ? json.slice(cut) : "");
          const index = jsonErrorIndex(text);
          expect(index).toBeLessThanOrEqual(text.length);
          try {
            JSON.parse(text);
            expect(index).toBe(text.length);
          } catch (error) {
            const position = /position (\d+)/.exec((error as Error).message)?.[1];
            if (position !== undefined) expect(index).toBeLessThanOrEqual(Number(position));
          }
        },
      ),
    );
  });
});

function joined(lines: Uint8Array[]): Uint8Array {
  return new Uint8Array(
    lines.flatMap((line, index) => (index === 0 ? [...line] : [0x0a, ...line])),
  );
}

function textAt(bytes: Uint8Array, row: LocatedRow): string {
  return new TextDecoder().decode(bytes.subarray(row.start, row.start + row.size));
}
