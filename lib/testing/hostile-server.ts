import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import { scriptedUpstream, type ScriptedUpstream } from "./scripted-upstream";
import { ToyServer } from "./toy-server";

/** What the toy server would have said. */
export interface HonestAnswer {
  status: number;
  body: string;
}

/** Answers in its own way, or not at all. */
export type Trick = (response: ServerResponse, honest: HonestAnswer) => void;

/** What happens to one call: `carryOut` false keeps it from the server, `trick` spoils the answer. */
export interface Mischief {
  carryOut?: boolean;
  trick: Trick;
}

export interface HostileServer extends ScriptedUpstream {
  toy: ToyServer;
  /** How often each training request was carried out, by call, model and `seq_id`. */
  carriedOut: Map<string, number>;
}

const numbered = z.looseObject({ model_id: z.string(), seq_id: z.number() });

/**
 * A toy training server on a real port whose answers are spoiled on the way.
 *
 * @param mischief - asked for every call, with how often that path was called before; null lets it be
 */
export async function hostileServer(
  mischief: (path: string, count: number, request: IncomingMessage) => Mischief | null,
): Promise<HostileServer> {
  const toy = new ToyServer();
  const counts = new Map<string, number>();
  const carriedOut = new Map<string, number>();

  async function honestly(path: string, method: string, body: string): Promise<HonestAnswer> {
    const id = numbered.safeParse(body === "" ? null : JSON.parse(body));
    if (id.success) {
      const key = `${path} ${id.data.model_id} ${id.data.seq_id}`;
      carriedOut.set(key, (carriedOut.get(key) ?? 0) + 1);
    }
    const answer = await toy.fetch(`http://toy/${path}`, { method, ...(body !== "" && { body }) });
    return { status: answer.status, body: await answer.text() };
  }

  const upstream = await scriptedUpstream((request, response, body) => {
    const path = (request.url ?? "").slice(1);
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    const { carryOut = true, trick = honest } = mischief(path, count, request) ?? {};
    const answer = carryOut
      ? honestly(path, request.method ?? "GET", body).catch(() => NO_ROUTE)
      : Promise.resolve({ status: 200, body: "" });
    void answer.then((said) => trick(response, said));
  });
  return { ...upstream, toy, carriedOut };
}

/** The toy server has only what training needs. */
const NO_ROUTE: HonestAnswer = { status: 404, body: '{"detail":"Not Found"}' };
const JSON_TYPE = { "content-type": "application/json" };

/** The tricks of servers, proxies and networks. */
export const honest: Trick = (response, { status, body }) =>
  void response.writeHead(status, JSON_TYPE).end(body);

export const late =
  (ms: number): Trick =>
  (response, answer) =>
    void setTimeout(() => honest(response, answer), ms);

/** The bytes of the answer once more behind it, on the same connection. */
export const twice: Trick = (response, answer) => {
  const { socket } = response;
  honest(response, answer);
  const again = `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(answer.body)}\r\n\r\n${answer.body}`;
  response.on("finish", () => socket?.write(again));
};

export const cutOff: Trick = (response, { body }) => {
  response.writeHead(200, { ...JSON_TYPE, "content-length": Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2));
  setTimeout(() => response.destroy(), 5);
};

/** Half of the JSON as if it were all of it. */
export const halved: Trick = (response, { body }) =>
  void response.writeHead(200, JSON_TYPE).end(body.slice(0, body.length / 2));

export const hungUp: Trick = (response) => void response.destroy();

/** A right answer after which the connection is dead, though the client was told to keep it. */
export const deadSocket: Trick = (response, answer) => {
  const { socket } = response;
  response.on("finish", () => socket?.destroy());
  honest(response, answer);
};

export const html =
  (status = 200): Trick =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "text/html" })
      .end("<html><title>Please sign in</title></html>");

export const says =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Trick =>
  (response) =>
    void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));

export const refuses =
  (status: number, headers: Record<string, string> = {}): Trick =>
  (response) =>
    void response.writeHead(status, headers).end("no");

/** A JSON string of the given size. */
export const huge =
  (megabytes: number): Trick =>
  (response) => {
    const chunk = Buffer.alloc(1_000_000, "x");
    response.writeHead(200, JSON_TYPE);
    response.write('{"a":"');
    let left = megabytes;
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
      response.end('"}');
    };
    more();
  };
