import { createHash } from "node:crypto";

import { z } from "zod";

import { isAbort, type WireError } from "@/lib/base/errors";

import { refusal } from "../http/errors";
import { mayCarryToken } from "./credentials";

export const TOKEN_PAGE = "https://www.modelscope.cn/my/myaccesstoken";
export const PRIVATE = 1;

export interface HubFile {
  path: string;
  content: Uint8Array;
  /** Stored as a large file, outside git. */
  isLarge: boolean;
}

export interface HubRepository {
  owner: string;
  name: string;
}

export interface HubClientOptions {
  /** Address of the site, such as `https://www.modelscope.cn`. */
  endpoint: string;
  token: string;
  fetch: typeof fetch;
}

interface Abortable {
  signal: AbortSignal;
}

/** The hub's own codes for a name that is taken. */
const TAKEN_CODES = ["10010101001", "10010202004", "DuplicateEntity"];
const TAKEN_TEXT = /exist|已被注册|已存在/i;
const CALL_TIMEOUT_MS = 60_000;
const UPLOAD_TIMEOUT_MS = 1_800_000;

const envelopeSchema = z.looseObject({
  Code: z.union([z.number(), z.string()]).nullish(),
  Success: z.boolean().nullish(),
  success: z.boolean().nullish(),
  code: z.union([z.number(), z.string()]).nullish(),
  Message: z.string().nullish(),
  message: z.string().nullish(),
  RequestId: z.string().nullish(),
  Data: z.unknown().optional(),
});
const loginSchema = z.looseObject({ Username: z.string().min(1) });
const modelSchema = z.looseObject({ Path: z.string(), Visibility: z.number() });
const batchSchema = z.looseObject({
  objects: z
    .array(
      z.looseObject({
        oid: z.string(),
        actions: z.looseObject({ upload: z.looseObject({ href: z.string() }).nullish() }).nullish(),
      }),
    )
    .nullish(),
});
const filesSchema = z.looseObject({
  Files: z
    .array(
      z.looseObject({ Path: z.string(), Size: z.number().nullish(), Sha256: z.string().nullish() }),
    )
    .nullish(),
});

/** The calls of ModelScope's hub that publishing needs. It can create private models only. */
export class HubClient {
  private readonly hub: URL;
  private readonly token: string;
  private readonly fetch: typeof fetch;

  constructor({ endpoint, token, fetch }: HubClientOptions) {
    this.hub = new URL(endpoint);
    this.token = token;
    this.fetch = fetch;
  }

  /**
   * The user name behind the token.
   *
   * @throws WireError 401 for a token that the hub does not know, 403 for one that may only read
   */
  async logIn({ signal }: Abortable): Promise<string> {
    const answer = await this.call(
      "POST",
      "/api/v1/login",
      { AccessToken: this.token },
      { signal },
    );
    if (answer.isFine) return loginSchema.parse(answer.data).Username;
    if (answer.status >= 500 || answer.status === 429) throw hubRefusal("log in", answer);
    // The hub refuses unknown and read-only tokens alike; only the latter may ask who they are.
    const me = await this.call("GET", "/openapi/v1/users/me", undefined, { signal });
    if (me.isFine) {
      throw refusal(
        403,
        `This ModelScope token may only read. Make one that may write at ${TOKEN_PAGE}.`,
      );
    }
    throw refusal(
      401,
      `ModelScope (${this.hub.host}) does not accept this token. Get one at ${TOKEN_PAGE} and try again.`,
    );
  }

  /** Creates a private model. A name that is taken is no error here: see {@link requirePrivate}. */
  async createPrivate(
    { owner, name }: HubRepository,
    license: string | null,
    { signal }: Abortable,
  ): Promise<void> {
    const body = {
      Path: owner,
      Name: name,
      Visibility: PRIVATE,
      ...(license ? { License: license } : {}),
    };
    const answer = await this.call("POST", "/api/v1/models", body, { signal });
    const isTaken = TAKEN_CODES.includes(answer.code) || TAKEN_TEXT.test(answer.message);
    if (!answer.isFine && !isTaken) throw hubRefusal("create the model", answer);
  }

  /** @throws WireError 409 when the model is not this owner's or is not private */
  async requirePrivate({ owner, name }: HubRepository, { signal }: Abortable): Promise<void> {
    const answer = await this.call("GET", `/api/v1/models/${owner}/${name}`, undefined, { signal });
    if (!answer.isFine) throw hubRefusal("find the model", answer);
    const model = modelSchema.parse(answer.data);
    if (model.Path === owner && model.Visibility === PRIVATE) return;
    throw refusal(
      409,
      `${owner}/${name} exists on ModelScope already and is not a private model of yours; nothing was uploaded. Make it private or rename it there.`,
    );
  }

  /** Uploads the files and puts them into the model in one commit. */
  async commit(
    repository: HubRepository,
    message: string,
    files: readonly HubFile[],
    { signal }: Abortable,
  ): Promise<void> {
    const base = `/api/v1/repos/models/${repository.owner}/${repository.name}`;
    const large = files.filter(({ isLarge }) => isLarge);
    const objects = large.map(({ content }) => ({ oid: sha256(content), size: content.length }));
    const batch = await this.call(
      "POST",
      `${base}/info/lfs/objects/batch`,
      { operation: "upload", objects },
      { signal },
    );
    if (!batch.isFine) throw hubRefusal("start the upload", batch);
    for (const { oid, actions } of batchSchema.parse(batch.data).objects ?? []) {
      const file = large.find(({ content }) => sha256(content) === oid);
      // An object without an upload link is stored already.
      if (file && actions?.upload) await this.put(actions.upload.href, file, { signal });
    }
    const actions = files.map(commitAction);
    const committed = await this.call(
      "POST",
      `${base}/commit/master`,
      { commit_message: message, actions },
      { signal },
    );
    if (!committed.isFine) throw hubRefusal("commit the files", committed);
  }

  /** @throws WireError 502 when a file is missing on the hub or differs */
  async verify(
    { owner, name }: HubRepository,
    files: readonly HubFile[],
    { signal }: Abortable,
  ): Promise<void> {
    const path = `/api/v1/models/${owner}/${name}/repo/files?Revision=master&Recursive=True`;
    const answer = await this.call("GET", path, undefined, { signal });
    if (!answer.isFine) throw hubRefusal("list the files", answer);
    const listed = filesSchema.parse(answer.data).Files ?? [];
    for (const { path: wanted, content } of files) {
      const found = listed.find((file) => file.Path === wanted);
      const isSame =
        found &&
        found.Size === content.length &&
        (!found.Sha256 || found.Sha256 === sha256(content));
      if (!isSame)
        throw refusal(502, `ModelScope does not show ${wanted} as it was uploaded; publish again.`);
    }
  }

  private async put(
    href: string,
    { path, content }: HubFile,
    { signal }: Abortable,
  ): Promise<void> {
    const target = new URL(href, this.hub);
    const { response, text } = await this.request(target, {
      method: "PUT",
      body: new Uint8Array(content),
      headers: mayCarryToken(this.hub, target) ? this.credentials() : {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_TIMEOUT_MS)]),
    });
    const isRefused = /"Success"\s*:\s*false/.test(text);
    if (!response.ok || isRefused)
      throw refusal(502, `ModelScope did not take ${path} (HTTP ${response.status}).`);
  }

  private async call(
    method: string,
    path: string,
    body: unknown,
    { signal }: Abortable,
  ): Promise<HubAnswer> {
    const { response, text } = await this.request(new URL(path, this.hub), {
      method,
      headers: { ...this.credentials(), "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    const parsed = envelopeSchema.safeParse(parseJson(text));
    if (!parsed.success)
      return { isFine: false, status: response.status, code: "", message: "", data: null };
    const { Code, code, Success, success, Message, message, Data } = parsed.data;
    const isOldFailure = Code !== undefined && (Code !== 200 || Success !== true);
    return {
      // Failures also come inside a 200.
      isFine: response.ok && !isOldFailure && success !== false,
      status: response.status,
      code: String(Code ?? code ?? ""),
      message: Message ?? message ?? "",
      data: Data,
    };
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

  private credentials(): Record<string, string> {
    // Some routes read only the bearer and some only the cookie; the CDN wants a User-Agent.
    return {
      Authorization: `Bearer ${this.token}`,
      Cookie: `m_session_id=${this.token}`,
      "User-Agent": "twinkle-studio",
    };
  }
}

interface HubAnswer {
  isFine: boolean;
  status: number;
  code: string;
  message: string;
  data: unknown;
}

function hubRefusal(what: string, { status, message }: HubAnswer): WireError {
  const said = message ? `: ${message}` : "";
  const sentence = `ModelScope refused to ${what} (HTTP ${status})${said}`;
  return refusal(status === 401 || status === 403 || status === 429 ? status : 502, sentence);
}

function commitAction({ path, content, isLarge }: HubFile): object {
  const size = content.length;
  if (isLarge)
    return {
      action: "create",
      path,
      type: "lfs",
      size,
      sha256: sha256(content),
      content: "",
      encoding: "",
    };
  const base64 = Buffer.from(content).toString("base64");
  return {
    action: "create",
    path,
    type: "normal",
    size,
    sha256: "",
    content: base64,
    encoding: "base64",
  };
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
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
