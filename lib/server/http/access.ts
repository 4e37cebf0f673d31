import type { IncomingMessage } from "node:http";

import { ownerOf, ownerOfToken } from "../runs/owners";
import { refusal } from "./errors";

export interface AccessOptions {
  /** The address that the server listens on. */
  host: string;
  /** Who may call; none lets everybody in. */
  tokens: readonly string[];
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** True for an address that only this computer reaches. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || host === "::1";
}

/**
 * Looks at who calls.
 *
 * @returns a check that throws WireError 403 for a foreign host name, 401 without a listed token where one is needed
 */
export function createAccess({
  host,
  tokens,
}: AccessOptions): (request: IncomingMessage, options: { needsToken: boolean }) => void {
  const owners = new Set(tokens.map(ownerOfToken));
  return (request, { needsToken }) => {
    if (isLoopback(host)) refuseForeignName(request);
    if (needsToken && owners.size > 0 && !owners.has(ownerOf(request.headers)))
      throw refusal(401, "This server needs a token that it was started with, as a bearer token.");
  };
}

/** A page whose domain name was pointed at 127.0.0.1 must not reach the server: its requests carry that name as Host. */
function refuseForeignName(request: IncomingMessage): void {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (!LOOPBACK.includes(name))
    throw refusal(403, "This server answers only requests to 127.0.0.1 or localhost.");
}
