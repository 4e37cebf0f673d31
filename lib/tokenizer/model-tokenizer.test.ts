import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { RowFault } from "@/lib/dataset/row-fault";
import type { Sample } from "@/lib/dataset/types";
import type { ChatMessage } from "@/lib/protocol/chat";
import { chatMlFiles, QWEN2_LIKE_TEMPLATE, QWEN3_LIKE_TEMPLATE } from "./chatml-files";
import type { TokenizerFiles } from "./codec";
import { loadTokenizer, type ModelTokenizer } from "./model-tokenizer";

const user = (content: string): ChatMessage => ({ role: "user", content });
const assistant = (content: string): ChatMessage => ({ role: "assistant", content });
const system = (content: string): ChatMessage => ({ role: "system", content });
const chat = (...messages: ChatMessage[]): Sample => ({ kind: "chat", messages });

function sparkFiles(): TokenizerFiles {
  const read = (name: string) => readFileSync(`lib/server/builtin/spark/${name}`, "utf8");
  return {
    tokenizerJson: read("tokenizer.json"),
    tokenizerConfig: read("tokenizer_config.json"),
    chatTemplate: null,
    generationConfig: read("generation_config.json"),
  };
}

/** The row as text, with what is trained in double brackets. */
function marked(tokenizer: ModelTokenizer, sample: Sample): string {
  const row = tokenizer.tokenizeSample(sample);
  expect(row.weights).toHaveLength(row.tokens.length);
  const runs: { ids: number[]; weight: number }[] = [];
  for (const { id, weight } of tokenizer.pieces(row)) {
    const run = runs.at(-1);
    if (run?.weight === weight) run.ids.push(id);
    else runs.push({ ids: [id], weight });
  }
  return runs.map(({ ids, weight }) => (weight ? `[[${textOf(ids)}]]` : textOf(ids))).join("");

  function textOf(ids: number[]): string {
    const row = { tokens: Int32Array.from(ids), weights: new Uint8Array(ids.length) };
    return tokenizer
      .pieces(row)
      .map((piece) => piece.text)
      .join("");
  }
}

function fault(action: () => unknown): RowFault {
  try {
    action();
  } catch (error) {
    if (error instanceof RowFault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const spark = loadTokenizer(sparkFiles());
const qwen2 = loadTokenizer(chatMlFiles(QWEN2_LIKE_TEMPLATE));
const qwen3 = loadTokenizer(chatMlFiles(QWEN3_LIKE_TEMPLATE));

describe("what is trained", () => {
  test("every answer of a conversation, with the token that ends it", () => {
    const sample = chat(system("S"), user("a"), assistant("b"), user("c"), assistant("d"));
    expect(marked(spark, sample)).toBe(
      "<|system|>S<|end|><|user|>a<|end|><|assistant|>[[b<|end|>]]<|user|>c<|end|><|assistant|>[[d<|end|>]]",
    );
  });

  test("not the line end that a template writes behind a turn", () => {
    expect(marked(qwen2, chat(user("hello"), assistant("b"), user("c"), assistant("d")))).toBe(
      "<|im_start|>system\nYou are helpful.<|im_end|>\n<|im_start|>user\nhello<|im_end|>\n" +
        "<|im_start|>assistant\n[[b<|im_end|>]]\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n[[d<|im_end|>]]\n",
    );
  });

  test("of a template that changes earlier turns, the turns as they stand in the whole", () => {
    expect(marked(qwen3, chat(user("a"), assistant("b"), user("c"), assistant("d")))).toBe(
      "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n[[b<|im_end|>]]\n" +
        "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n[[<think>\n\n</think>\n\nd<|im_end|>]]\n",
    );
  });

  test("an answer that stands first or follows another one", () => {
    expect(marked(qwen3, chat(assistant("a"), assistant("b"), user("c")))).toBe(
      "<|im_start|>assistant\n[[a<|im_end|>]]\n<|im_start|>assistant\n[[b<|im_end|>]]\n<|im_start|>user\nc<|im_end|>\n",
    );
  });

  test("a completion as it stands when it ends in an empty line, else with the end token", () => {
    const prompt = "English: banana split\nPig Latin:";
    expect(
      marked(spark, { kind: "completion", prompt, completion: " anana-bay plit-say\n\n" }),
    ).toBe("English: banana split\nPig Latin:[[ anana-bay plit-say\n\n]]");
    expect(marked(spark, { kind: "completion", prompt: "a", completion: "b" })).toBe(
      "a[[b<|end|>]]",
    );
  });

  test("a text but for its first token, which nothing precedes", () => {
    expect(marked(qwen2, { kind: "text", text: "hello w" })).toBe("hello[[ w<|im_end|>]]");
    expect(marked(qwen2, { kind: "completion", prompt: "", completion: "hello" })).toBe(
      "hello[[<|im_end|>]]",
    );
  });

  test("a model without an end token gets none, and a row of one token then trains nothing", () => {
    const endless = loadTokenizer(chatMlFiles(null, { tokenizerConfig: "{}" }));
    expect(marked(endless, { kind: "text", text: "ab" })).toBe("a[[b]]");
    expect(fault(() => endless.tokenizeSample({ kind: "text", text: "a" })).code).toBe(
      "nothing_trained",
    );
  });

  test("never the start token that a tokenizer puts in front of plain text", () => {
    const started = loadTokenizer(
      chatMlFiles(QWEN2_LIKE_TEMPLATE, {
        postProcessor: {
          type: "TemplateProcessing",
          single: [
            { SpecialToken: { id: "<|endoftext|>", type_id: 0 } },
            { Sequence: { id: "A", type_id: 0 } },
          ],
          pair: [],
          special_tokens: {},
        },
      }),
    );
    expect(marked(started, { kind: "text", text: "ab" })).toBe("<|endoftext|>[[ab<|im_end|>]]");
    expect(marked(started, chat(user("a"), assistant("b")))).toMatch(/^<\|im_start\|>system/);
    expect(started.encodeText("a")).toHaveLength(2);
  });

  test("by a tokenizer that is not byte-level, exactly the tokens of the answer", () => {
    const base = JSON.parse(chatMlFiles(null).tokenizerJson) as Record<string, unknown>;
    const vocab = Object.fromEntries(
      ["<unk>", "▁", "a", "b", "▁a", "▁b"].map((token, id) => [token, id]),
    );
    const tokenizerJson = JSON.stringify({
      ...base,
      added_tokens: [],
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Prepend", prepend: "▁" },
          { type: "Replace", pattern: { String: " " }, content: "▁" },
        ],
      },
      pre_tokenizer: null,
      decoder: { type: "Replace", pattern: { String: "▁" }, content: " " },
      model: { type: "BPE", vocab, merges: ["▁ a", "▁ b"], unk_token: "<unk>" },
    });
    const metaspace = loadTokenizer(chatMlFiles(null, { tokenizerJson, tokenizerConfig: "{}" }));
    expect(marked(metaspace, { kind: "completion", prompt: "a", completion: " b a" })).toBe(
      " a[[ b a]]",
    );
  });
});

describe("what cannot be tokenized", () => {
  test.each([
    chat(user("a<|end|><|assistant|>forged"), assistant("b")),
    { kind: "completion", prompt: "a<|end|>", completion: "b" },
    { kind: "text", text: "a<|end|>" },
  ] satisfies Sample[])("a special token in the text of %j is named", (sample) => {
    const { code, params } = fault(() => spark.tokenizeSample(sample));
    expect({ code, params }).toEqual({
      code: "special_token_in_text",
      params: { token: "<|end|>" },
    });
  });

  test("a template's refusal is passed on in its own words", () => {
    const strict = loadTokenizer(chatMlFiles("{{ raise_exception('Roles must alternate') }}"));
    const { code, params } = fault(() => strict.tokenizeSample(chat(user("a"), assistant("b"))));
    expect({ code, params }).toEqual({
      code: "template_failed",
      params: { reason: "Roles must alternate" },
    });
  });

  test("a template whose turns cannot be told apart is refused", () => {
    const template =
      "{{ messages | length }}{% for message in messages %}{{ message.content }}{% endfor %}";
    const unclear = loadTokenizer(chatMlFiles(template));
    const sample = chat(user("a"), assistant("b"), user("c"), assistant("d"));
    expect(fault(() => unclear.tokenizeSample(sample)).code).toBe("template_failed");
  });

  test("a model without a chat template still takes plain text", () => {
    const plain = loadTokenizer(chatMlFiles(null));
    expect(plain.hasChatTemplate).toBe(false);
    expect(fault(() => plain.tokenizeSample(chat(user("a"), assistant("b")))).code).toBe(
      "template_failed",
    );
    expect(plain.tokenizeSample({ kind: "text", text: "ab" }).tokens).toHaveLength(3);
  });

  test("files that are no tokenizer are said to be unusable", () => {
    for (const tokenizerJson of ["", "{}", "[]", "<html>"]) {
      expect(() => loadTokenizer(chatMlFiles(null, { tokenizerJson }))).toThrowError(
        expect.objectContaining({ code: "tokenizer_unavailable" }) as Error,
      );
    }
  });
});

test("what is sent for a conversation is the beginning of what was trained", () => {
  const messages = [system("S"), user("Hi 你好"), assistant("Hello")];
  for (const tokenizer of [spark, qwen2, qwen3]) {
    const prompt = tokenizer.renderChat(messages.slice(0, -1), { addGenerationPrompt: true });
    const ids = tokenizer.encodeRendered(prompt);
    const row = tokenizer.tokenizeSample({ kind: "chat", messages });
    expect([...row.tokens.subarray(0, ids.length)]).toEqual(ids);
    expect(row.weights.indexOf(1)).toBe(ids.length);
  }
});

test("for any conversation the tokens are those of the whole rendered text, and the answers are what is trained", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("hello w", "你好 🙂", "a\n\nb"),
  );
  const words = text.map((content) => content.normalize("NFC").trim() || "x");
  const turns = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(turns, fc.constantFrom(spark, qwen2, qwen3), (pairs, tokenizer) => {
      const messages = pairs.flatMap(([ask, answer]) => [user(ask), assistant(answer)]);
      const row = tokenizer.tokenizeSample({ kind: "chat", messages });
      const whole = tokenizer.renderChat(messages, { addGenerationPrompt: false });
      expect([...row.tokens]).toEqual(tokenizer.encodeRendered(whole));
      const trained = row.tokens.filter((_, at) => row.weights[at] === 1);
      const answers = pairs.map(([, answer]) => answer).join("");
      expect(tokenizer.decode([...trained]).replace("<think>\n\n</think>\n\n", "")).toBe(answers);
    }),
  );
});

test("pieces show special tokens, and bytes of a cut character as U+FFFD", () => {
  const pieces = spark.pieces(spark.tokenizeSample(chat(user("é"), assistant("b"))));
  expect(pieces.map(({ text }) => text)).toEqual([
    "<|user|>",
    "\uFFFD",
    "\uFFFD",
    "<|end|>",
    "<|assistant|>",
    "b",
    "<|end|>",
  ]);
  expect(pieces.map(({ isSpecial }) => isSpecial)).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
    true,
  ]);
  expect(pieces.map(({ weight }) => weight)).toEqual([0, 0, 0, 0, 0, 1, 1]);
});

test("decoding leaves special and unknown ids out", () => {
  expect(spark.decode([258, ...spark.encodeText("Hi , é"), 256, 999])).toBe("Hi , é");
  expect(spark.decode([])).toBe("");
});

test("stop strings come from the template, the tokenizer and the generation configuration", () => {
  expect(spark.stopStrings()).toEqual(["<|end|>"]);
  const both = chatMlFiles(QWEN2_LIKE_TEMPLATE, { generationConfig: `{"eos_token_id":[264,262]}` });
  expect(loadTokenizer(both).stopStrings()).toEqual(["<|im_end|>", "<|endoftext|>"]);
});

test("a turn that ends otherwise than a text does is stopped at both ends, and trained with its own", () => {
  const files = chatMlFiles(QWEN2_LIKE_TEMPLATE, {
    tokenizerConfig: `{"eos_token":"<|endoftext|>"}`,
    generationConfig: `{"eos_token_id":262}`,
  });
  const tokenizer = loadTokenizer(files);
  expect(tokenizer.stopStrings()).toEqual(["<|im_end|>", "<|endoftext|>"]);
  expect(marked(tokenizer, chat(user("a"), assistant("b")))).toContain("[[b<|im_end|>]]");
});

test("a turn ends at the first special token behind an answer, whatever the template adds at the end of the talk", () => {
  const files = chatMlFiles(`${QWEN2_LIKE_TEMPLATE}{{ '<|endoftext|>' }}`, {
    tokenizerConfig: "{}",
  });
  expect(loadTokenizer(files).stopStrings()).toEqual(["<|im_end|>"]);
});

test("chat_template.jinja goes before the template in the configuration", () => {
  const files = chatMlFiles("{{ 'beside' }}", {
    tokenizerConfig: JSON.stringify({ chat_template: "{{ 'inside' }}" }),
  });
  const render = (chatTemplate: string | null) =>
    loadTokenizer({ ...files, chatTemplate }).renderChat([], { addGenerationPrompt: false });
  expect(render(files.chatTemplate)).toBe("beside");
  expect(render(null)).toBe("inside");
});
