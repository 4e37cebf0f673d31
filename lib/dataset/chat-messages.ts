import type { ChatMessage, ChatRole } from "@/lib/protocol/chat";
import { hasField } from "./formats";
import { isJsonObject, jsonType } from "./json-object";
import { RowFault } from "./row-fault";

const ROLES: Record<string, ChatRole> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
  bot: "assistant",
  model: "assistant",
};

/** Messages of a list with `role`/`content` or `from`/`value`, with at least one answer, none of them empty. */
export function parseMessages(value: unknown, field: string): ChatMessage[] {
  if (!Array.isArray(value)) throw wrongType(field, 0, "list", value);
  if (value.length === 0) throw new RowFault("no_messages", { field });
  const messages = value.map((item: unknown, index) => parseMessage(item, index + 1, field));
  if (!messages.some((message) => message.role === "assistant"))
    throw new RowFault("no_answer", { field });
  return messages;
}

export function requireAnswer(text: string, field: string, message = 0): string {
  if (text.trim() === "") throw new RowFault("empty_answer", { field, message });
  return text;
}

export function requireString(value: unknown, field: string, message = 0): string {
  if (typeof value !== "string") throw wrongType(field, message, "string", value);
  return value;
}

export function wrongType(
  field: string,
  message: number,
  expected: string,
  value: unknown,
): RowFault {
  return new RowFault("wrong_type", { field, message, expected, found: jsonType(value) });
}

function parseMessage(item: unknown, message: number, field: string): ChatMessage {
  if (!isJsonObject(item)) throw wrongType(field, message, "object", item);
  const roleField = hasField(item, "role") ? "role" : "from";
  if (!hasField(item, roleField)) throw new RowFault("missing_role", { message });
  const role = parseRole(requireString(item[roleField], roleField, message), message);

  const contentField = hasField(item, "value") && !hasField(item, "content") ? "value" : "content";
  if (!hasField(item, contentField))
    throw new RowFault("missing_field", { field: contentField, message });
  const content = parseContent(item[contentField], contentField, message);
  return {
    role,
    content: role === "assistant" ? requireAnswer(content, contentField, message) : content,
  };
}

function parseRole(name: string, message: number): ChatRole {
  const key = name.trim().toLowerCase();
  const role = Object.hasOwn(ROLES, key) ? ROLES[key] : undefined;
  if (!role) throw new RowFault("unknown_role", { role: name.slice(0, 40), message });
  return role;
}

/** A string, or a list of text parts. */
function parseContent(value: unknown, field: string, message: number): string {
  if (!Array.isArray(value)) return requireString(value, field, message);
  return value
    .map((part: unknown) => {
      if (!isJsonObject(part) || typeof part["text"] !== "string")
        throw wrongType(field, message, "string", value);
      return part["text"];
    })
    .join("");
}
