import type { IncomingMessage, ServerResponse } from "node:http";
import { scriptedUpstream, sendJson, type ScriptedUpstream } from "./scripted-upstream";

/** What is said in place of the server's own answer. */
interface Instead {
  body: unknown;
  status?: number;
}

/**
 * A server that passes everything on to the one at `port`, but for what it answers itself.
 *
 * @param instead - asked with the call, such as `asample`, and its body as text; null passes it on
 */
export function standBefore(
  port: number,
  instead: (call: string, body: string) => Instead | null,
): Promise<ScriptedUpstream> {
  return scriptedUpstream((request, response, body) => {
    const own = instead((request.url ?? "").replace("/api/v1/", ""), body);
    if (own) sendJson(response, own.body, own.status);
    else void passOn(port, request, response, body);
  });
}

async function passOn(
  port: number,
  { method = "GET", url = "", headers }: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, {
    method,
    headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
    ...(body !== "" && { body }),
  });
  sendJson(response, await answer.json(), answer.status);
}
