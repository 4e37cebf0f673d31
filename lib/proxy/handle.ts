import { studioEnv, type StudioEnv } from "@/lib/config/env";
import { errorResponse } from "./error-response";
import { checkRequest } from "./request-guard";
import { scrubStream } from "./scrub";
import { readSession, secretsOf, type StudioSession } from "./session";

export interface RouteContext {
  session: StudioSession;
  env: StudioEnv;
  /** Words that leave no answer; a route that takes in another token adds it. */
  secrets: string[];
}

export type Handler = (request: Request, context: RouteContext) => Response | Promise<Response>;

/** A route of the studio: every request is checked, every error becomes an answer, every answer is free of tokens. */
export function route(
  handler: Handler,
  envOf: () => StudioEnv = studioEnv,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const secrets: string[] = [];
    try {
      const env = envOf();
      checkRequest(request, env);
      const session = await readSession(request, env);
      secrets.push(...secretsOf(session));
      return withoutSecrets(await handler(request, { session, env, secrets }), secrets);
    } catch (error) {
      return withoutSecrets(errorResponse(error, request.signal), secrets);
    }
  };
}

function withoutSecrets(response: Response, secrets: readonly string[]): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of response.headers) {
    if (secrets.some((secret) => value.includes(secret))) headers.delete(name);
  }
  const body = response.body?.pipeThrough(scrubStream(secrets)) ?? null;
  return new Response(body, { status: response.status, headers });
}
