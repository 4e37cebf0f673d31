type Headers = Record<string, string>;

interface WholeAnswer {
  kind: "whole";
  status: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Headers;
}

/** What a route hands back: a whole body, or a function that writes a stream of server-sent events. */
export type Answer = WholeAnswer | { kind: "events"; write: (send: SendEvent) => Promise<void> };

/** Sends one `data:` line; does nothing once the client is gone. */
export type SendEvent = (data: string) => void;

export function json(value: unknown, status = 200, headers: Headers = {}): Answer {
  return { ...jsonText(JSON.stringify(value), status), headers };
}

/** JSON that is already text. */
export function jsonText(body: string, status = 200): WholeAnswer {
  return { kind: "whole", status, contentType: "application/json", body };
}

export function noContent(): Answer {
  return { kind: "whole", status: 204, contentType: "", body: "" };
}

export function bytes(body: Uint8Array, contentType: string, headers: Headers = {}): Answer {
  return { kind: "whole", status: 200, contentType, body, headers };
}

export function events(write: (send: SendEvent) => Promise<void>): Answer {
  return { kind: "events", write };
}
