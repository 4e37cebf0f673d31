import { StudioError } from "@/lib/base/errors";
import { isAllowedHost } from "@/lib/config/allowed-hosts";
import type { StudioEnv } from "@/lib/config/env";

/**
 * Refuses what the studio's own pages would not send: a foreign `Host` (DNS rebinding), a call from another site
 * (CSRF, also of signing in), a body that a plain form could send.
 *
 * @throws {@link StudioError} `forbidden` or `bad_request`
 */
export function checkRequest(request: Request, env: StudioEnv): void {
  const host = request.headers.get("host");
  if (!isAllowedHost(host, env.allowedHosts)) {
    throw new StudioError("forbidden", "The studio does not answer under this host name.", {
      details: { hint: "The operator of a hosted studio lists its names in STUDIO_ALLOWED_HOSTS." },
    });
  }
  const changesSomething = request.method !== "GET" && request.method !== "HEAD";
  if (!isFromOwnPage(request, host, changesSomething)) {
    throw new StudioError("forbidden", "The call does not come from a page of the studio.");
  }
  if ((request.method === "POST" || request.method === "PUT") && !hasJsonOrNothing(request)) {
    throw new StudioError("bad_request", "The body must be application/json.");
  }
}

function isFromOwnPage(request: Request, host: string | null, changesSomething: boolean): boolean {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  // "none" is an address that the user typed; it can only be a GET.
  if (site !== null && site !== "same-origin" && (changesSomething || site !== "none"))
    return false;
  if (!changesSomething) return true;
  if (origin !== null) return hostOf(origin) === host?.toLowerCase();
  return site !== null;
}

function hostOf(origin: string): string | null {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase() ?? null;
}

function hasJsonOrNothing(request: Request): boolean {
  const type = request.headers.get("content-type");
  if (type === null) return request.headers.get("content-length") === "0";
  return /^application\/json\s*(;|$)/i.test(type);
}
