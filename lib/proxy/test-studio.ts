import { parseStudioEnv, type StudioEnv } from "@/lib/config/env";
import { route, type Handler } from "./handle";
import { newConnection, sessionCookie } from "./session";

export const HOST = "127.0.0.1:3000";

export interface CallInit {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The studio's routes with the cookie jar of one browser, called as Next calls them. */
export class TestStudio {
  readonly env: StudioEnv;
  cookie = "";

  constructor(env: Record<string, string> = {}) {
    this.env = parseStudioEnv({ SESSION_SECRET: "0123456789abcdef0123456789abcdef", ...env });
  }

  async signIn(serverUrl: string, token: string, hubToken: string | null = null): Promise<void> {
    const connection = newConnection(serverUrl, token);
    this.keep(await sessionCookie({ connection, isSignedIn: true, hubToken }, this.env));
  }

  /** As the studio's own page sends it; `headers` replace its headers, an empty one removes it. */
  async call(handler: Handler, path: string, init: CallInit = {}): Promise<Response> {
    const { method = "GET", body, signal } = init;
    const headers = new Headers({
      host: HOST,
      ...(method === "GET" ? {} : { origin: `http://${HOST}` }),
      ...(body === undefined ? { "content-length": "0" } : { "content-type": "application/json" }),
      ...(this.cookie ? { cookie: this.cookie } : {}),
    });
    for (const [name, value] of Object.entries(init.headers ?? {})) {
      if (value) headers.set(name, value);
      else headers.delete(name);
    }
    const request = new Request(`http://${HOST}${path}`, {
      method,
      headers,
      ...(signal ? { signal } : {}),
      ...(body === undefined ? {} : { body: bodyInit(body), duplex: "half" }),
    });
    const response = await route(handler, () => this.env)(request);
    this.keep(response.headers.get("set-cookie"));
    return response;
  }

  private keep(setCookie: string | null): void {
    if (setCookie) this.cookie = setCookie.split(";")[0] ?? "";
  }
}

function bodyInit(body: unknown): BodyInit {
  return typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body);
}
