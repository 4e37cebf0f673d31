import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export interface ScriptedUpstream {
  url: string;
  /** Every request so far, with its whole body once that came. */
  seen: { method: string; path: string; headers: IncomingMessage["headers"]; body: string }[];
  close: () => Promise<void>;
}

/** A real HTTP server that plays a training server or a hub of any temper. */
export async function scriptedUpstream(
  script: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<ScriptedUpstream> {
  const seen: ScriptedUpstream["seen"] = [];
  const listener: RequestListener = (request, response) => {
    const entry = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: "",
    };
    seen.push(entry);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      entry.body = Buffer.concat(chunks).toString();
      script(request, response, entry.body);
    });
  };
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
