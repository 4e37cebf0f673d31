import { createHash } from "node:crypto";

import { z } from "zod";

import type { WireError } from "@/lib/base/errors";

import { refusal } from "../http/errors";
import { HubTransport, type HubAnswer, type HubTransportOptions } from "./hub-transport";

export const TOKEN_PAGE = "https://www.modelscope.cn/my/myaccesstoken";

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

interface Abortable {
  signal: AbortSignal;
}

/** The hub's number for "only the owner sees it"; 5 is public, and what a model without a number becomes. */
const PRIVATE = 1;
/** The hub's own codes for a name that is taken. */
const TAKEN_CODES = ["10010101001", "10010202004", "DuplicateEntity"];
const TAKEN_TEXT = /exist|已被注册|已存在/i;

const loginSchema = z.looseObject({ Username: z.string().min(1) });
const modelSchema = z.looseObject({ Path: z.string(), Visibility: z.number() });
const uploadSchema = z.looseObject({ upload: z.looseObject({ href: z.string() }).nullish() });
const batchSchema = z.looseObject({
  objects: z.array(z.looseObject({ oid: z.string(), actions: uploadSchema.nullish() })).nullish(),
});
const fileSchema = z.looseObject({
  Path: z.string(),
  Size: z.number().nullish(),
  Sha256: z.string().nullish(),
});
const filesSchema = z.looseObject({ Files: z.array(fileSchema).nullish() });

/** The calls of ModelScope's hub that publishing needs. It can create private models only. */
export class HubClient {
  private readonly transport: HubTransport;

  constructor(options: HubTransportOptions) {
    this.transport = new HubTransport(options);
  }

  /**
   * The user name behind the token.
   *
   * @throws WireError 401 for a token that the hub does not know, 403 for one that may only read
   */
  async logIn(token: string, { signal }: Abortable): Promise<string> {
    const answer = await this.transport.post("/api/v1/login", { AccessToken: token }, { signal });
    if (answer.isFine) return loginSchema.parse(answer.data).Username;
    if (answer.status >= 500 || answer.status === 429) throw hubRefusal("log in", answer);
    // The hub refuses unknown and read-only tokens alike; only the latter may ask who they are.
    const me = await this.transport.get("/openapi/v1/users/me", { signal });
    if (me.isFine) {
      throw refusal(
        403,
        `This ModelScope token may only read. Make one that may write at ${TOKEN_PAGE}.`,
      );
    }
    throw refusal(
      401,
      `ModelScope (${this.transport.hub.host}) does not accept this token. Get one at ${TOKEN_PAGE} and try again.`,
    );
  }

  /** Creates a private model. A name that is taken is no error here: see {@link findModel}. */
  async createPrivate(
    { owner, name }: HubRepository,
    license: string | null,
    { signal }: Abortable,
  ): Promise<void> {
    const body = {
      Path: owner,
      Name: name,
      Visibility: PRIVATE,
      ...(license && { License: license }),
    };
    const answer = await this.transport.post("/api/v1/models", body, { signal });
    const isTaken = TAKEN_CODES.includes(answer.code) || TAKEN_TEXT.test(answer.message);
    if (!answer.isFine && !isTaken) throw hubRefusal("create the model", answer);
  }

  /** Whether a model is this owner's and private; null when the hub does not show it (yet). */
  async findModel(
    { owner, name }: HubRepository,
    { signal }: Abortable,
  ): Promise<{ isOwnPrivate: boolean } | null> {
    const answer = await this.transport.get(`/api/v1/models/${owner}/${name}`, { signal });
    if (answer.status === 404) return null;
    if (!answer.isFine) throw hubRefusal("show the model", answer);
    const model = modelSchema.parse(answer.data);
    return { isOwnPrivate: model.Path === owner && model.Visibility === PRIVATE };
  }

  /** Uploads the files and puts them into the model in one commit. */
  async commit(
    repository: HubRepository,
    message: string,
    files: readonly HubFile[],
    { signal }: Abortable,
  ): Promise<void> {
    const base = `/api/v1/repos/models/${repository.owner}/${repository.name}`;
    const large = new Map(
      files.filter(({ isLarge }) => isLarge).map((file) => [sha256(file.content), file]),
    );
    const objects = [...large].map(([oid, { content }]) => ({ oid, size: content.length }));
    const batch = await this.transport.post(
      `${base}/info/lfs/objects/batch`,
      { operation: "upload", objects },
      { signal },
    );
    if (!batch.isFine) throw hubRefusal("start the upload", batch);
    for (const { oid, actions } of batchSchema.parse(batch.data).objects ?? []) {
      const file = large.get(oid);
      // An object without an upload link is stored already.
      if (!file || !actions?.upload) continue;
      const stored = await this.transport.put(actions.upload.href, file.content, { signal });
      if (!stored.isFine) throw hubRefusal(`take ${file.path}`, stored);
    }
    const change = { commit_message: message, actions: files.map(commitAction) };
    const committed = await this.transport.post(`${base}/commit/master`, change, { signal });
    if (!committed.isFine) throw hubRefusal("commit the files", committed);
  }

  /** Whether the hub lists every file with its size and, where it names one, its hash. */
  async hasFiles(
    { owner, name }: HubRepository,
    files: readonly HubFile[],
    { signal }: Abortable,
  ): Promise<boolean> {
    const path = `/api/v1/models/${owner}/${name}/repo/files?Revision=master&Recursive=True`;
    const answer = await this.transport.get(path, { signal });
    if (!answer.isFine) throw hubRefusal("list the files", answer);
    const listed = filesSchema.parse(answer.data).Files ?? [];
    return files.every(({ path: wanted, content }) => {
      const found = listed.find((file) => file.Path === wanted);
      return found?.Size === content.length && (!found.Sha256 || found.Sha256 === sha256(content));
    });
  }
}

function hubRefusal(what: string, { status, message }: HubAnswer): WireError {
  const sentence = `ModelScope refused to ${what} (HTTP ${status})${message ? `: ${message}` : "."}`;
  return refusal([401, 403, 429].includes(status) ? status : 502, sentence);
}

function commitAction({ path, content, isLarge }: HubFile): object {
  const file = { action: "create", path, size: content.length };
  return isLarge
    ? { ...file, type: "lfs", sha256: sha256(content), content: "", encoding: "" }
    : {
        ...file,
        type: "normal",
        sha256: "",
        content: Buffer.from(content).toString("base64"),
        encoding: "base64",
      };
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
