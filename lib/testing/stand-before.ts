import type { IncomingMessage, ServerResponse } from "node:http";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "./scripted-upstream";

/** What is said in place of the server's own answer. */
interface Instead {
  body: unknown;
  status?: number;
}

/**
 * A server like another one, but for what it answers itself.
 *
 * @param instead - asked with every call, such as `POST asample`, and its body as text; null passes it on
 */
export function standBefore(
  serverUrl: string,
  instead: (call: string, body: string) => Instead | null,
): Promise<ScriptedUpstream> {
  return scriptedUpstream((request, response, body) => {
    const { method = "GET", url = "/" } = request;
    const own = instead(`${method} ${url.replace("/api/v1/", "")}`, body);
    if (own) return sendJson(response, own.body, own.status);
    passOn(serverUrl, request, response, body).catch(() => response.destroy());
  });
}

async function passOn(
  serverUrl: string,
  { method = "GET", url = "/", headers }: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const answer = await fetch(`${serverUrl}${url}`, {
    method,
    headers: { "content-type": "application/json", authorization: headers.authorization ?? "" },
    ...(body !== "" && { body }),
  });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
  response.end(await answer.text());
}
