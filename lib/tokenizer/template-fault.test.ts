import { describe, expect, test } from "vitest";
import { chatMlFiles, QWEN2_LIKE_TEMPLATE, QWEN3_LIKE_TEMPLATE } from "./chatml-files";
import { loadTokenizer } from "./model-tokenizer";

const faultOf = (template: string) => loadTokenizer(chatMlFiles(template)).templateFault;

test("a template that renders a conversation has no fault", () => {
  expect(faultOf(QWEN2_LIKE_TEMPLATE)).toBeNull();
  expect(faultOf(QWEN3_LIKE_TEMPLATE)).toBeNull();
  expect(loadTokenizer(chatMlFiles(null)).templateFault).toBeNull();
});

test("a template that wants a system message is given one", () => {
  const wants =
    "{% if messages[0].role != 'system' %}{{ raise_exception('no system') }}{% endif %}";
  expect(faultOf(`${wants}{{ messages[1].content }}`)).toBeNull();
});

describe("the line of a fault is that", () => {
  test.each([
    ["of a tag that is none", "a\nb\n{% nonsense %}\nc", 3, /nonsense/],
    ["of a character that no expression holds", "a\n{{ messages $ }}\nb", 2, /\$/],
    ["of the statement that is never closed", "a\n{% for m in messages %}\nb\nc", 2, /./],
    [
      "of an unclosed condition inside of a loop",
      "{% for m in messages %}\n{% if m %}\na\n{% endfor %}\nb",
      4,
      /./,
    ],
    ["of a string that is never closed", "a\nb\n{{ 'open }}\nc", 3, /end of input/],
    [
      "of an unknown filter",
      "a\n\n{%- for m in messages %}\n{{ m.content | shout }}\n{% endfor %}",
      4,
      /shout/,
    ],
    [
      "of an unknown function",
      "a\n{{ strftime_now('%Y') }}\n{{ no_such() }}",
      3,
      /no_such|undefined/i,
    ],
    [
      "at which the template refuses the conversation",
      "{% for m in messages %}\n{% if m.role == 'assistant' %}\n{{ raise_exception('No answers!') }}{% endif %}{% endfor %}",
      3,
      /^No answers!$/,
    ],
  ])("%s", (_where, template, line, reason) => {
    const fault = faultOf(template);
    expect(fault).toEqual({ line, reason: expect.stringMatching(reason) as string });
  });

  test("none when a model has named templates of which none is the default", () => {
    const tokenizerConfig = JSON.stringify({
      chat_template: [{ name: "rag", template: "a" }],
    });
    const { templateFault } = loadTokenizer(chatMlFiles(null, { tokenizerConfig }));
    expect(templateFault?.line).toBeNull();
  });
});
