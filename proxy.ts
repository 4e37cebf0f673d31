import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { isAllowedHost } from "@/lib/config/allowed-hosts";
import { contentSecurityPolicy } from "@/lib/config/content-security-policy";
import { studioEnv } from "@/lib/config/env";

/** In front of every page: refuses foreign host names and sets the policy with a nonce of its own for each request. */
export function proxy(request: NextRequest): NextResponse {
  if (!isAllowedHost(request.headers.get("host"), studioEnv().allowedHosts)) {
    return new NextResponse("The studio does not answer under this host name.", { status: 403 });
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

// Not /api: Next cuts the body of a matched request at 10 MB. Those routes check the host themselves.
export const config = { matcher: "/((?!api/|_next/static/|_next/image/).*)" };
