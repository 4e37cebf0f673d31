import type { IncomingMessage } from "node:http";

import { refusal } from "./errors";

/**
 * Four times what the largest batch takes that is not refused for its tokens. Reading JSON holds the main thread up,
 * about 15 ms a MiB, and health checks with it.
 */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * The whole body of a JSON request.
 *
 * @throws WireError 415 when it is not declared as JSON, 413 above {@link MAX_BODY_BYTES}
 */
export async function readJsonBody(request: IncomingMessage): Promise<Uint8Array> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw refusal(415, "Send the body as JSON with Content-Type: application/json.");
  const tooLarge = () =>
    refusal(
      413,
      `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB; split the batch into several calls.`,
    );
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  // Left whole on a refusal, so that the answer can still be sent.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
