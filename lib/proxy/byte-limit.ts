import { Transform, type Readable } from "node:stream";
import { StudioError } from "@/lib/base/errors";

/**
 * The bytes of a request, at most `maxBytes` of them: refused at once by its Content-Length, else as soon as more came.
 *
 * @throws {@link StudioError} `too_large`, from here or from the stream
 */
export function limitedBody(
  source: Readable,
  contentLength: string | null,
  maxBytes: number,
): Readable {
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let seen = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      done(seen > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  source.on("error", (error) => counted.destroy(error));
  counted.on("close", () => source.destroy());
  return source.pipe(counted);
}

/** The whole body of a small answer or request as text. */
export async function textUpTo(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  return (await bytesUpTo(source, maxBytes)).toString("utf8");
}

export async function bytesUpTo(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): StudioError {
  const size =
    maxBytes >= 1024 * 1024 ? `${Math.floor(maxBytes / 1024 / 1024)} MiB` : `${maxBytes} bytes`;
  return new StudioError("too_large", `More than ${size}: the limit of one call.`);
}
