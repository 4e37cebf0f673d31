import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface LesserServer {
  url: string;
  stop(): Promise<void>;
}

/** A server like another one, but for the calls that `refusal` has a status for: those it does not know or does not do. */
export async function startLesserServer(
  serverUrl: string,
  refusal: (method: string, path: string, body: string) => 400 | 404 | null,
): Promise<LesserServer> {
  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    void (async () => {
      const body = await text(request);
      const status = refusal(method, url, body);
      const answer =
        status === null
          ? await fetch(`${serverUrl}${url}`, {
              method,
              headers: {
                "content-type": "application/json",
                authorization: headers.authorization ?? "",
              },
              ...(body === "" ? {} : { body }),
            })
          : Response.json({ detail: status === 404 ? "Not Found" : "Not here." }, { status });
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "",
      });
      response.end(await answer.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
