import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scrubStream } from "./scrub";

const TOKEN = "ms-0a/b1+c2==";
const encode = (text: string) => new TextEncoder().encode(text);

async function scrubbed(chunks: Uint8Array[], secrets = [TOKEN]): Promise<string> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Response(source.pipeThrough(scrubStream(secrets))).text();
}

function cut(bytes: Uint8Array, at: number[]): Uint8Array[] {
  const ends = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}

describe("scrubbing an answer", () => {
  test("takes the token out however it is escaped and wherever the chunks are cut", async () => {
    const escapedToken = fc
      .array(fc.constantFrom("raw", "unicode", "slash"), {
        minLength: TOKEN.length,
        maxLength: TOKEN.length,
      })
      .map((forms) =>
        [...TOKEN]
          .map((character, index) => {
            const hex = character.charCodeAt(0).toString(16).padStart(4, "0");
            if (forms[index] === "unicode") return `\\u${index % 2 ? hex.toUpperCase() : hex}`;
            return forms[index] === "slash" && character === "/" ? "\\/" : character;
          })
          .join(""),
      );
    const text = fc.string({
      unit: fc.constantFrom("m", "ms-0", "\\", "\\u00", '"', "好", "x", "/"),
    });
    await fc.assert(
      fc.asyncProperty(
        text,
        escapedToken,
        text,
        fc.array(fc.nat()),
        async (before, token, after, cuts) => {
          const result = await scrubbed(cut(encode(before + token + after), cuts));
          expect(result).not.toContain(TOKEN);
          expect(result).toContain("[token]");
          expect(result.length).toBe(before.length + "[token]".length + after.length);
        },
      ),
    );
  });

  test("leaves every other text as it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.array(fc.nat()), async (text, cuts) => {
        const bytes = encode(text);
        expect(await scrubbed(cut(bytes, cuts))).toBe(
          new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
        );
      }),
    );
  });

  test("knows of two tokens the longer one when the shorter begins it", async () => {
    expect(
      await scrubbed(
        [encode("a ms-token"), encode("-two b ms-token")],
        ["ms-token", "ms-token-two"],
      ),
    ).toBe("a [token] b [token]");
  });

  test("lets an event go at once and holds back only the beginning of a token", async () => {
    const { readable, writable } = scrubStream([TOKEN]);
    const writer = writable.getWriter();
    const reader = readable.getReader();
    void writer.write(encode('data: {"a":1}\n\n'));
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: {"a":1}\n\n');
    void writer.write(encode(`data: ms-0a`));
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: ");
    void writer.write(encode(`/b2`));
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("ms-0a/b2");
  });
});
