import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { isModelCard } from "@/lib/base/model-card";
import { HUB_TOKEN_PAGE, type HubAccount, type HubModel } from "@/lib/config/studio-api";
import { callHub } from "./hub-call";
import type { Hub } from "./hubs";

const MAX_JSON_BYTES = 2 * 1024 * 1024;
const PRIVATE = 1;
const CARD_FILE = "README.md";

const userSchema = z.looseObject({
  data: z.looseObject({
    Username: z.string().nullish(),
    username: z.string().nullish(),
    name: z.string().nullish(),
    preferred_username: z.string().nullish(),
  }),
});
const loginSchema = z.looseObject({
  Data: z.looseObject({ Username: z.string().nullish() }).nullish(),
});
const modelSchema = z.looseObject({ Data: z.looseObject({ Visibility: z.number() }) });
const filesSchema = z.looseObject({
  Data: z.looseObject({
    Files: z
      .array(
        z.looseObject({
          Path: z.string(),
          Type: z.string(),
          Size: z.number().nullish(),
          Sha256: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
});

export interface HubFile {
  path: string;
  sizeBytes: number;
  sha256: string | null;
}

interface Options {
  signal: AbortSignal;
}

/**
 * Whose token it is and whether it may publish. No route says the latter: logging in does, which a token that may only
 * read cannot; the cookie and the git token that come with it are dropped.
 *
 * @throws {@link StudioError} `hub_token_refused`, `hub_unreachable`
 */
export async function checkAccount(hub: Hub, token: string, options: Options): Promise<HubAccount> {
  const me = await ask(hub, { path: "/openapi/v1/users/me", token }, options);
  if (me.status === 401 || me.status === 403) throw tokenRefused(hub);
  const { data } = parsed(hub, userSchema, me);
  const login = await ask(
    hub,
    { path: "/api/v1/login", token, json: { AccessToken: token } },
    options,
  );
  const canWrite = isDone(login);
  if (!canWrite && login.status !== 400) throw unexpected(hub, login);
  const name = canWrite ? parsed(hub, loginSchema, login).Data?.Username : null;
  return {
    name: name || data.Username || data.username || data.name || data.preferred_username || "",
    canWrite,
  };
}

/** What the hub shows of a model to the holder of the token; a foreign private one looks like none. */
export async function modelOnHub(
  hub: Hub,
  id: string,
  token: string | null,
  options: Options,
): Promise<HubModel> {
  const url = `${hub.endpoint}/models/${id}`;
  const model = await ask(hub, { path: `/api/v1/models/${id}`, token }, options);
  if (model.status === 404) return { exists: false, isPrivate: false, files: [], url };
  const isPrivate = parsed(hub, modelSchema, model).Data.Visibility === PRIVATE;
  const files = (await modelFiles(hub, id, token, options)) ?? [];
  return {
    exists: true,
    isPrivate,
    files: files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    url,
  };
}

/** The files of a model, null when the hub shows no such model. */
export async function modelFiles(
  hub: Hub,
  id: string,
  token: string | null,
  options: Options,
): Promise<HubFile[] | null> {
  const path = `/api/v1/models/${id}/repo/files?Revision=${hub.revision}&Recursive=True`;
  const answer = await ask(hub, { path, token }, options);
  if (answer.status === 404) return null;
  const files = parsed(hub, filesSchema, answer).Data.Files ?? [];
  return files
    .filter((file) => file.Type === "blob")
    .map((file) => ({ path: file.Path, sizeBytes: file.Size ?? 0, sha256: file.Sha256 || null }));
}

/**
 * Gives a model a card, unless it has one that says more than the hub's own template. One commit, which changes nothing
 * else.
 *
 * @returns whether the card was added
 * @throws {@link StudioError} `hub_unreachable`
 */
export async function addModelCard(
  hub: Hub,
  id: string,
  { card, token }: { card: string; token: string },
  options: Options,
): Promise<boolean> {
  const readme = await callHub(
    hub,
    {
      path: `/api/v1/models/${id}/repo?Revision=master&FilePath=${CARD_FILE}`,
      credentials: credentialsOf(token),
      maxBytes: MAX_JSON_BYTES,
    },
    options,
  );
  if (readme.status === 200 && isModelCard(readme.bytes.toString("utf8"))) return false;
  const content = Buffer.from(card);
  const file = {
    ...{ action: "create", path: CARD_FILE, type: "normal", size: content.length, sha256: "" },
    ...{ content: content.toString("base64"), encoding: "base64" },
  };
  const json = { commit_message: "Add the model card", actions: [file] };
  const path = `/api/v1/repos/models/${id}/commit/master`;
  const committed = await ask(hub, { path, token, json }, options);
  if (!isDone(committed)) throw unexpected(hub, committed);
  return true;
}

export function tokenMissing(): StudioError {
  return new StudioError(
    "hub_token_missing",
    "Publishing needs your ModelScope access token.",
    withTokenPage(),
  );
}

export function tokenReadOnly(hub: Hub): StudioError {
  const sentence = `${hub.name} lets this token read only; publishing needs one that may write.`;
  return new StudioError("hub_token_read_only", sentence, withTokenPage());
}

function tokenRefused(hub: Hub): StudioError {
  const sentence = `${hub.name} does not know this token: it is wrong, has ended, or belongs to another site.`;
  return new StudioError("hub_token_refused", sentence, withTokenPage());
}

function withTokenPage() {
  return { details: { hint: `Get a token at ${HUB_TOKEN_PAGE}` } };
}

/** Some routes read only the header, some only the cookie. */
function credentialsOf(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, cookie: `m_session_id=${token}` };
}

interface Answer {
  status: number;
  body: unknown;
}

async function ask(
  hub: Hub,
  { path, token, json }: { path: string; token: string | null; json?: unknown },
  options: Options,
): Promise<Answer> {
  const { status, bytes } = await callHub(
    hub,
    {
      method: json === undefined ? "GET" : "POST",
      path,
      credentials: token ? credentialsOf(token) : undefined,
      json,
      maxBytes: MAX_JSON_BYTES,
    },
    options,
  );
  return { status, body: jsonOrNull(bytes.toString("utf8")) };
}

/** Both envelopes of the hub say whether it went well, the older one also inside a 200. */
function isDone({ status, body }: Answer): boolean {
  const envelope = (body ?? {}) as { Code?: unknown; Success?: unknown; success?: unknown };
  return (
    status === 200 &&
    (envelope.success === true || (envelope.Code === 200 && envelope.Success === true))
  );
}

function parsed<Result>(hub: Hub, schema: z.ZodType<Result>, answer: Answer): Result {
  const result = isDone(answer) ? schema.safeParse(answer.body) : null;
  if (!result?.success) throw unexpected(hub, answer);
  return result.data;
}

function unexpected(hub: Hub, { status, body }: Answer): StudioError {
  const { Message, message } = (body ?? {}) as { Message?: unknown; message?: unknown };
  const said = [Message, message].find((text) => typeof text === "string");
  const sentence = `${hub.name} answers ${status}${said ? `: ${said.slice(0, 300)}` : ""}.`;
  return new StudioError("hub_unreachable", sentence, {
    retryable: status === 429 || status >= 500,
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
