import type { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { bytesUpTo } from "./byte-limit";

const MAX_BYTES = 64 * 1024;

/**
 * The small JSON body of one of the studio's own routes.
 *
 * @throws {@link StudioError} `bad_request` or `too_large`
 */
export async function jsonBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const bytes = request.body ? await bytesUpTo(request.body, MAX_BYTES) : "";
  try {
    return schema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    throw new StudioError("bad_request", "The body is not what this route takes.");
  }
}
