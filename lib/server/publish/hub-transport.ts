import { z } from "zod";

import { isAbort } from "@/lib/base/errors";

import { refusal } from "../http/errors";
import { mayCarryToken } from "./credentials";

export interface HubTransportOptions {
  /** Address of the site, such as `https://www.modelscope.cn`. */
  endpoint: string;
  token: string;
  fetch: typeof fetch;
}

export interface HubAnswer {
  isFine: boolean;
  status: number;
  /** The hub's own code of a failure. */
  code: string;
  message: string;
  data: unknown;
}

interface Abortable {
  signal: AbortSignal;
}

const CALL_TIMEOUT_MS = 60_000;
const UPLOAD_TIMEOUT_MS = 1_800_000;

/** The old interface answers `{Code, Success, Message, Data}`, the new one `{success, code, message, data}`. */
const envelopeSchema = z.looseObject({
  Code: z.union([z.number(), z.string()]).nullish(),
  Success: z.boolean().nullish(),
  Message: z.string().nullish(),
  Data: z.unknown().optional(),
  code: z.union([z.number(), z.string()]).nullish(),
  success: z.boolean().nullish(),
  message: z.string().nullish(),
});

/** HTTP with the hub: credentials, time limits and the envelope around every answer. */
export class HubTransport {
  readonly hub: URL;
  private readonly token: string;
  private readonly fetch: typeof fetch;

  constructor({ endpoint, token, fetch }: HubTransportOptions) {
    this.hub = new URL(endpoint);
    this.token = token;
    this.fetch = fetch;
  }

  get(path: string, { signal }: Abortable): Promise<HubAnswer> {
    return this.call(path, { method: "GET" }, signal);
  }

  post(path: string, body: object, { signal }: Abortable): Promise<HubAnswer> {
    return this.call(path, { method: "POST", body: JSON.stringify(body) }, signal);
  }

  /** Sends bytes to a link that the hub handed out, which may lead to another host. */
  async put(link: string, content: Uint8Array, { signal }: Abortable): Promise<HubAnswer> {
    const target = new URL(link, this.hub);
    const { response, text } = await this.request(target, {
      method: "PUT",
      body: new Uint8Array(content),
      headers: mayCarryToken(this.hub, target) ? this.credentials() : {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_TIMEOUT_MS)]),
    });
    // An object store answers nothing at all.
    return response.ok && text === ""
      ? { isFine: true, status: response.status, code: "", message: "", data: null }
      : open(response, text);
  }

  /** @throws WireError 502 when the hub cannot be reached */
  private async call(path: string, init: RequestInit, signal: AbortSignal): Promise<HubAnswer> {
    const { response, text } = await this.request(new URL(path, this.hub), {
      ...init,
      headers: { ...this.credentials(), "Content-Type": "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    return open(response, text);
  }

  private async request(
    target: URL,
    init: RequestInit,
  ): Promise<{ response: Response; text: string }> {
    try {
      const response = await this.fetch(target, { ...init, redirect: "manual" });
      return { response, text: await response.text() };
    } catch (error) {
      if (isAbort(error)) throw error;
      throw refusal(502, `ModelScope (${this.hub.host}) cannot be reached: ${reasonOf(error)}.`);
    }
  }

  /** Some routes read only the bearer and some only the cookie. */
  private credentials(): Record<string, string> {
    return {
      Authorization: `Bearer ${this.token}`,
      Cookie: `m_session_id=${this.token}`,
      "User-Agent": "twinkle-studio",
    };
  }
}

/** Failures also come inside a 200, and what is no envelope is one. */
function open({ ok, status }: Response, text: string): HubAnswer {
  const parsed = envelopeSchema.safeParse(parseJson(text));
  if (!parsed.success) return { isFine: false, status, code: "", message: "", data: null };
  const { Code, code, Success, success, Message, message, Data } = parsed.data;
  const isFine = ok && (success === true || (Code === 200 && Success === true));
  return {
    isFine,
    status,
    code: String(Code ?? code ?? ""),
    message: Message ?? message ?? "",
    data: Data,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
