import { StudioError } from "@/lib/base/errors";

/**
 * The bytes of a body, at most `maxBytes` of them: refused at once by its Content-Length, else as soon as more came.
 *
 * @throws {@link StudioError} `too_large`, from here or while iterating
 */
export function limitedBody(
  source: AsyncIterable<Uint8Array>,
  contentLength: string | null,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return counted(source, maxBytes);
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

export async function bytesUpTo(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of counted(source, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): StudioError {
  const size =
    maxBytes >= 1024 * 1024 ? `${Math.floor(maxBytes / 1024 / 1024)} MiB` : `${maxBytes} bytes`;
  return new StudioError("too_large", `More than ${size}: the limit of one call.`);
}
