import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { textUpTo } from "./byte-limit";

const MAX_BYTES = 64 * 1024;

/**
 * The small JSON body of one of the studio's own routes.
 *
 * @throws {@link StudioError} `bad_request` or `too_large`
 */
export async function jsonBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const source = request.body
    ? Readable.fromWeb(request.body as NodeReadableStream)
    : Readable.from([]);
  const text = await textUpTo(source, MAX_BYTES);
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new StudioError("bad_request", "The body is not what this route takes.");
  }
}
