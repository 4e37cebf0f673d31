import { createHash, randomUUID } from "node:crypto";
import { sealData, unsealData } from "iron-session";
import { z } from "zod";
import { StudioError } from "@/lib/base/errors";
import type { StudioEnv } from "@/lib/config/env";
import { EMPTY_TOKEN } from "./token";

const COOKIE = "twinkle-studio";
export const LOCAL_SERVER_ID = "local";
const LIFETIME_S = 30 * 24 * 3600;

const sealedSchema = z.object({
  connection: z
    .object({ serverUrl: z.string(), token: z.string(), requestId: z.string() })
    .optional(),
  hubToken: z.string().optional(),
});

/** What the cookie holds; only the studio's server can read it. */
type SealedSession = z.infer<typeof sealedSchema>;

export interface Connection {
  serverUrl: string;
  token: string;
  /** One id for all calls of a session: Twinkle routes them to the same replica by it. */
  requestId: string;
}

export interface StudioSession {
  /** Null where nobody signed in and the studio has no default server. */
  connection: Connection | null;
  /** False for the default server as it is without signing in; that connection is never written down, its port may change. */
  isSignedIn: boolean;
  hubToken: string | null;
}

/** The session of a request: from its cookie, else the default server without a token of its own. */
export async function readSession(request: Request, env: StudioEnv): Promise<StudioSession> {
  const sealed = await unseal(cookieOf(request), env);
  const isAllowed =
    !env.allowedServers || env.allowedServers.includes(sealed.connection?.serverUrl ?? "");
  const connection = isAllowed ? sealed.connection : undefined;
  return {
    connection: connection ?? defaultConnection(env),
    isSignedIn: connection !== undefined,
    hubToken: sealed.hubToken ?? null,
  };
}

/** A `Set-Cookie` value that keeps the session. */
export async function sessionCookie(session: StudioSession, env: StudioEnv): Promise<string> {
  const data: SealedSession = {
    ...(session.isSignedIn && session.connection ? { connection: session.connection } : {}),
    ...(session.hubToken ? { hubToken: session.hubToken } : {}),
  };
  return cookie(
    await sealData(data, { password: env.sessionSecret, ttl: LIFETIME_S }),
    LIFETIME_S,
    env,
  );
}

export function endedSessionCookie(env: StudioEnv): string {
  return cookie("", 0, env);
}

export function newConnection(serverUrl: string, token: string): Connection {
  return { serverUrl, token, requestId: randomUUID().replaceAll("-", "") };
}

/** @throws {@link StudioError} `unauthorized` where there is no server to call */
export function requiredConnection(session: StudioSession): Connection {
  if (session.connection) return session.connection;
  throw new StudioError("unauthorized", "The studio is not connected to a training server.");
}

/** What runs are bound to: see `SessionInfo.serverId`. */
export function serverIdOf({ serverUrl }: Connection, env: StudioEnv): string {
  return env.defaultIsLocal && serverUrl === env.defaultServer ? LOCAL_SERVER_ID : serverUrl;
}

/** Every word that no answer may hold. */
export function secretsOf(session: StudioSession): string[] {
  return [session.connection?.token, session.hubToken].filter(
    (secret) => typeof secret === "string",
  );
}

/** The server that the studio was started with, as anybody may use it. */
export function defaultConnection(env: StudioEnv): Connection | null {
  if (!env.defaultServer) return null;
  const requestId = createHash("sha256")
    .update(`${env.sessionSecret} ${env.defaultServer}`)
    .digest("hex")
    .slice(0, 32);
  return { serverUrl: env.defaultServer, token: EMPTY_TOKEN, requestId };
}

async function unseal(value: string | undefined, env: StudioEnv): Promise<SealedSession> {
  if (!value) return {};
  try {
    const data = await unsealData<unknown>(value, { password: env.sessionSecret, ttl: LIFETIME_S });
    return sealedSchema.parse(data);
  } catch {
    // Changed, sealed with another secret or by another version: as good as no cookie.
    return {};
  }
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function cookie(value: string, maxAgeS: number, env: StudioEnv): string {
  const flags = `Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict`;
  return `${COOKIE}=${value}; ${flags}${env.secureCookies ? "; Secure" : ""}`;
}
