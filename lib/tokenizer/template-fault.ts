import type { ChatMessage } from "@/lib/protocol/chat";

/** Why a chat template cannot be used. */
export interface TemplateFault {
  /** In the words of the template or of its parser. */
  reason: string;
  /** From 1; of a tag over several lines, the first. Null when the fault lies in no line of it. */
  line: number | null;
}

/** Renders a template to which `variables` are known. Throws what is wrong with it. */
export type RenderTemplate = (
  template: string,
  messages: ChatMessage[],
  variables: Record<string, unknown>,
) => string;

const TALK: ChatMessage[] = [
  { role: "user", content: "a" },
  { role: "assistant", content: "b" },
  { role: "user", content: "c" },
];
/** Some templates want a system message. */
const PROBES: ChatMessage[][] = [TALK, [{ role: "system", content: "s" }, ...TALK]];

const TELL_LINE = "studio_line";

/**
 * Compiles a chat template and renders probe conversations with it; null when it renders one. The engine gives no line, so it is
 * found by trying: in a template that runs, from calls put in front of every tag; in one that does not compile, from
 * where on its beginning fails as the whole does.
 */
export function templateFault(template: string, render: RenderTemplate): TemplateFault | null {
  const reason = failure(template, {});
  if (reason === null) return null;

  let line = 0;
  failure(withLines(template), { [TELL_LINE]: (at: number) => void (line = at) });
  return { reason, line: line || firstBadLine() };

  /** Null when a probe renders; else what the first of them failed with. */
  function failure(text: string, variables: Record<string, unknown>): string | null {
    const reasons = PROBES.map((probe) => {
      try {
        render(text, probe, variables);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    });
    return reasons.includes(null) ? null : (reasons[0] ?? null);
  }

  function firstBadLine(): number {
    const lines = template.split("\n");
    let last = lines.length;
    while (last > 1 && failure(lines.slice(0, last - 1).join("\n"), {}) === reason) last--;
    return last;
  }
}

function withLines(template: string): string {
  return template.replace(/\{[{%]/g, (tag, at: number) => {
    const line = template.slice(0, at).split("\n").length;
    return `{{ ${TELL_LINE}(${line}) }}${tag}`;
  });
}
