import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import type { StudioEnv } from "@/lib/config/env";
import { normalizeServerUrl } from "@/lib/config/server-address";
import type { ConnectAnswer, ServerPreset, SessionInfo } from "@/lib/config/studio-api";
import { jsonAnswer } from "./answers";
import type { Handler } from "./handle";
import { jsonBody } from "./json-body";
import { modelsOfServer } from "./server-check";
import {
  defaultConnection,
  endedSessionCookie,
  LOCAL_SERVER_ID,
  newConnection,
  serverIdOf,
  sessionCookie,
  type StudioSession,
} from "./session";
import { checkedToken, EMPTY_TOKEN } from "./token";

const MODELSCOPE_SERVER = "https://www.modelscope.cn/twinkle";

const connectBody = z.object({ serverUrl: z.string(), token: z.string().default("") });

export const showSession: Handler = (_request, { session, env }) =>
  jsonAnswer(sessionInfo(session, env));

/** Proves the server first; only then the cookie is replaced. Without a token the server gets the stand-in for none. */
export const connect: Handler = async (request, { env, secrets }) => {
  const body = await jsonBody(request, connectBody);
  const serverUrl = normalizeServerUrl(body.serverUrl);
  if (env.allowedServers && !env.allowedServers.includes(serverUrl)) {
    throw new StudioError(
      "forbidden",
      "This studio connects only to the servers that its operator lists.",
    );
  }
  const token = body.token.trim() === "" ? EMPTY_TOKEN : checkedToken(body.token);
  secrets.push(token);
  const connection = newConnection(serverUrl, token);
  const models = await modelsOfServer(connection, env, { signal: request.signal });
  // The hub token was given for the server in use until now; it must not reach this one.
  const isSignedIn = serverUrl !== env.defaultServer || token !== EMPTY_TOKEN;
  const session = { connection, isSignedIn, hubToken: null };
  const answer: ConnectAnswer = { ...sessionInfo(session, env), models };
  return jsonAnswer(answer, {
    headers: { "set-cookie": await sessionCookie(session, env) },
  });
};

/** Back to the default server; forgets both tokens. */
export const disconnect: Handler = (_request, { env }) => {
  const session = { connection: defaultConnection(env), isSignedIn: false, hubToken: null };
  return jsonAnswer(sessionInfo(session, env), {
    headers: { "set-cookie": endedSessionCookie(env) },
  });
};

export function sessionInfo({ connection, hubToken }: StudioSession, env: StudioEnv): SessionInfo {
  const serverId = connection && serverIdOf(connection, env);
  return {
    connected: connection !== null,
    serverUrl: connection?.serverUrl ?? null,
    serverName: connection && nameOf(connection.serverUrl),
    isLocal: serverId === LOCAL_SERVER_ID,
    serverId,
    hasToken: connection !== null && connection.token !== EMPTY_TOKEN,
    hasHubToken: hubToken !== null,
    presets: presetsOf(env),
    canEnterAddress: env.allowedServers === null,
  };
}

function presetsOf(env: StudioEnv): ServerPreset[] {
  const offered = env.allowedServers ?? [
    ...(env.defaultServer ? [env.defaultServer] : []),
    MODELSCOPE_SERVER,
  ];
  return offered.map((url) => ({ id: presetId(url, env), url }));
}

function presetId(url: string, env: StudioEnv): string {
  if (env.defaultIsLocal && url === env.defaultServer) return LOCAL_SERVER_ID;
  return url === MODELSCOPE_SERVER ? "modelscope" : nameOf(url);
}

function nameOf(serverUrl: string): string {
  return serverUrl.replace(/^https?:\/\//, "");
}
