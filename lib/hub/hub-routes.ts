import { createHash } from "node:crypto";
import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import { TOKENIZER_FILES, type TokenizerFile } from "@/lib/protocol/routes";
import { jsonAnswer, safeHeaders } from "@/lib/proxy/answers";
import type { Handler, RouteContext } from "@/lib/proxy/handle";
import { jsonBody } from "@/lib/proxy/json-body";
import { sessionCookie, type StudioSession } from "@/lib/proxy/session";
import { sessionInfo } from "@/lib/proxy/session-routes";
import { checkedToken } from "@/lib/proxy/token";
import { authHeaders } from "@/lib/proxy/upstream-headers";
import { rangeAnswer } from "./byte-range";
import { hubFileCache } from "./file-cache";
import { huggingFace, modelScope } from "./hubs";
import { findModelFile } from "./model-file";
import { addModelCard, checkAccount, modelOnHub, tokenMissing, tokenReadOnly } from "./modelscope";
import { serverModelFile } from "./server-model-file";

const MODELSCOPE_TOKEN_PREFIX = "ms-";

const MAX_CARD_CHARACTERS = 100_000;

const tokenBody = z.object({ token: z.string() });
const cardBody = z.object({ card: z.string().min(1).max(MAX_CARD_CHARACTERS) });
const modelId = z.string().regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/);
const fileQuery = z.object({ model: modelId, file: z.enum(TOKENIZER_FILES) });

/** Whose token the studio would publish with. */
export const showAccount: Handler = async (request, { session, env }) => {
  const token = publishToken(session);
  if (token === null) throw tokenMissing();
  return jsonAnswer(await checkAccount(modelScope(env), token, { signal: request.signal }));
};

/** Keeps a token for publishing, once the hub took it as one that may write. */
export const keepHubToken: Handler = async (request, { session, env, secrets }) => {
  const { token: input } = await jsonBody(request, tokenBody);
  if (input.trim() === "") throw tokenMissing();
  const token = checkedToken(input);
  secrets.push(token);
  const hub = modelScope(env);
  const account = await checkAccount(hub, token, { signal: request.signal });
  if (!account.canWrite) throw tokenReadOnly(hub);
  const kept = { ...session, hubToken: token };
  return jsonAnswer(
    { ...sessionInfo(kept, env), account },
    { headers: { "set-cookie": await sessionCookie(kept, env) } },
  );
};

export const showHubModel: Handler = async (request, { session, env }) => {
  const id = checked(modelId, new URL(request.url).pathname.split("/").slice(-2).join("/"));
  return jsonAnswer(
    await modelOnHub(modelScope(env), id, publishToken(session), { signal: request.signal }),
  );
};

/** Gives a published model its card: `{"added": false}` when it has one. */
export const addCard: Handler = async (request, { session, env }) => {
  const id = checked(modelId, new URL(request.url).pathname.split("/").slice(-3, -1).join("/"));
  const { card } = await jsonBody(request, cardBody);
  const token = publishToken(session);
  if (token === null) throw tokenMissing();
  const { signal } = request;
  return jsonAnswer({
    added: await addModelCard(modelScope(env), id, { card, token }, { signal }),
  });
};

/**
 * `GET /api/models/files?model=OWNER/NAME&file=FILE`: a file of a model's tokenizer, or a range of its bytes. The browser may
 * keep it and asks each time whether it is still the same.
 */
export const showModelFile: Handler = async (request, context) => {
  const query = new URL(request.url).searchParams;
  const { model, file } = checked(fileQuery, {
    model: query.get("model"),
    file: query.get("file"),
  });
  const { env } = context;
  const bytes = await findModelFile(
    model,
    file,
    {
      askTrainingServer: (wanted) => fileOfTrainingServer(request, context, model, wanted),
      cache: hubFileCache(env.dataDir),
      modelScope: modelScope(env),
      huggingFace: huggingFace(env),
    },
    { signal: request.signal },
  );
  const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
  const headers = safeHeaders({
    "cache-control": "private, no-cache, no-transform",
    "content-type": file.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8",
    etag,
  });
  if (request.headers.get("if-none-match") === etag)
    return new Response(null, { status: 304, headers });
  return rangeAnswer(bytes, request.headers.get("range"), headers);
};

async function fileOfTrainingServer(
  request: Request,
  { session, env }: RouteContext,
  model: string,
  file: TokenizerFile,
): Promise<Buffer | null> {
  if (!session.connection) return null;
  const server = {
    serverUrl: session.connection.serverUrl,
    headers: authHeaders(session.connection),
    publicOnly: env.allowedServers !== null,
  };
  return serverModelFile(server, model, file, { signal: request.signal });
}

/** The session's own token serves when it is one of ModelScope's; another server's token is none of ModelScope's business. */
function publishToken({ hubToken, connection }: StudioSession): string | null {
  if (hubToken !== null) return hubToken;
  return connection?.token.startsWith(MODELSCOPE_TOKEN_PREFIX) ? connection.token : null;
}

function checked<Result>(schema: z.ZodType<Result>, input: unknown): Result {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    "bad_request",
    "A model is named OWNER/NAME, and only files of a tokenizer are read.",
  );
}
