import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { PathScheme } from "./checkpoint-paths";

/** What a server without accounts takes for "no token". */
export const EMPTY_TOKEN = "EMPTY_TOKEN";

/**
 * Who calls: `Twinkle-Authorization` beats `Authorization`, which beats the plain Tinker SDK's `X-API-Key`; a missing
 * token is the same owner as `EMPTY_TOKEN`.
 *
 * @returns 32 hex digits of the token's SHA-256, so that no token is ever stored
 */
export function ownerOf(headers: IncomingHttpHeaders): string {
  const token =
    bearerOf(headers["twinkle-authorization"]) ??
    bearerOf(headers.authorization) ??
    bearerOf(headers["x-api-key"]) ??
    EMPTY_TOKEN;
  return ownerOfToken(token);
}

/** The owner that a token stands for. */
export function ownerOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 32);
}

/** How the caller spells paths: the Tinker SDK's own header without Twinkle's is the SDK as it came. */
export function pathSchemeOf(headers: IncomingHttpHeaders): PathScheme {
  const isPlainSdk = "x-api-key" in headers && !("twinkle-authorization" in headers);
  return isPlainSdk ? "tinker" : "twinkle";
}

/** The token of an authorization header, with or without "Bearer "; null when there is none. */
export function bearerOf(header: string | string[] | undefined): string | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? "";
  return value.replace(/^bearer(\s+|$)/i, "") || null;
}
