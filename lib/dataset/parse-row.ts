import { assertNever } from "@/lib/base/assert-never";
import type { ChatMessage } from "@/lib/protocol/chat";
import { parseMessages, requireAnswer, requireString, wrongType } from "./chat-messages";
import { formatOf, hasField, hasSomeField, missingField } from "./formats";
import type { JsonObject } from "./json-object";
import { RowFault } from "./row-fault";
import type { DatasetFormat, Sample } from "./types";

/** What a row says, read in the format of its file. Throws a {@link RowFault} that names what is wrong with it. */
export function parseRow(row: JsonObject, format: DatasetFormat): Sample {
  const missing = missingField(row, format);
  if (missing !== undefined) throw misfit(row, format, missing);

  switch (format) {
    case "messages":
    case "conversations":
      return chat(parseMessages(row[format], format));
    case "instruction":
      return question(row, instructionText(row), "output");
    case "input_output":
      return question(row, requireString(row["input"], "input"), "output");
    case "query_response":
      return question(row, requireString(row["query"], "query"), "response");
    case "prompt_completion":
      return promptCompletion(row["prompt"], row["completion"]);
    case "text":
      return { kind: "text", text: requireAnswer(requireString(row["text"], "text"), "text") };
    default:
      return assertNever(format);
  }
}

function misfit(row: JsonObject, format: DatasetFormat, missing: string): RowFault {
  const found = formatOf(row);
  if (found === null) {
    return new RowFault("unknown_shape", { fields: Object.keys(row).join(", ").slice(0, 200) });
  }
  return missingField(row, found) === undefined || !hasSomeField(row, format)
    ? new RowFault("mixed_format", { expected: format, found })
    : new RowFault("missing_field", { field: missing, message: 0 });
}

function chat(messages: ChatMessage[]): Sample {
  return { kind: "chat", messages };
}

/** One question and its answer, after an optional `system` text and a `history` of earlier pairs. */
function question(row: JsonObject, user: string, answerField: string): Sample {
  const answer = requireAnswer(requireString(row[answerField], answerField), answerField);
  const messages: ChatMessage[] = [];
  if (hasField(row, "system"))
    messages.push({ role: "system", content: requireString(row["system"], "system") });
  messages.push(...parseHistory(row["history"]));
  messages.push({ role: "user", content: user }, { role: "assistant", content: answer });
  return chat(messages);
}

function instructionText(row: JsonObject): string {
  const instruction = requireString(row["instruction"], "instruction");
  if (!hasField(row, "input") || row["input"] === "") return instruction;
  return `${instruction}\n${requireString(row["input"], "input")}`;
}

function parseHistory(value: unknown): ChatMessage[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType("history", 0, "list", value);
  return value.flatMap((pair: unknown, index): ChatMessage[] => {
    if (!Array.isArray(pair)) throw wrongType("history", index + 1, "list", pair);
    const [asked, answered] = pair as unknown[];
    return [
      { role: "user", content: requireString(asked, "history", index + 1) },
      {
        role: "assistant",
        content: requireAnswer(requireString(answered, "history", index + 1), "history", index + 1),
      },
    ];
  });
}

/** Two strings that follow each other as they stand, or two lists of messages that make one conversation. */
function promptCompletion(prompt: unknown, completion: unknown): Sample {
  if (Array.isArray(prompt) && Array.isArray(completion)) {
    return chat(
      parseMessages([...(prompt as unknown[]), ...(completion as unknown[])], "completion"),
    );
  }
  return {
    kind: "completion",
    prompt: requireString(prompt, "prompt"),
    completion: requireAnswer(requireString(completion, "completion"), "completion"),
  };
}
