import { StudioError } from "@/lib/base/errors";

const LONGEST_ADDRESS = 512;

/**
 * The base address of a server as the studio keeps it: scheme, host, port and path, without a trailing slash or `/api/v1`.
 *
 * @throws {@link StudioError} `bad_request` with one sentence for everything that is not such an address
 */
export function normalizeServerUrl(input: string): string {
  // Before parsing: the URL parser drops tabs and line breaks silently.
  if (/[\s\p{Cc}]/u.test(input.trim()))
    throw refusal("The address holds a space or a control character.");
  if (input.length > LONGEST_ADDRESS)
    throw refusal(`The address is longer than ${LONGEST_ADDRESS} characters.`);
  if (!/^https?:\/\//i.test(input.trim()))
    throw refusal("The address must begin with http:// or https://.");

  let url: URL;
  try {
    url = new URL(input.trim());
  } catch {
    throw refusal("This is not an address.");
  }
  if (url.username || url.password)
    throw refusal("The address must not hold a user name or a password.");
  if (url.search || url.hash) throw refusal("The address must not hold a ? or a #.");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path))
    throw refusal("The path of the address holds characters that no server needs.");
  return url.origin + path;
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function refusal(message: string): StudioError {
  return new StudioError("bad_request", message, {
    details: { hint: "For example http://127.0.0.1:8000" },
  });
}
