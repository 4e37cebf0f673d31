import { StudioError } from "@/lib/base/errors";
import { isLoopbackHost } from "@/lib/config/server-address";
import { bytesUpTo } from "@/lib/proxy/byte-limit";
import { callUpstream, type UpstreamAnswer } from "@/lib/proxy/upstream";
import { isOwnOrigin, mayRedirectTo, type Hub } from "./hubs";

const SILENCE_MS = 15_000;
const MOST_REDIRECTS = 3;
/** The storage of ModelScope answers 403 to a call without a user agent. */
const HEADERS = { "user-agent": "twinkle-studio", "accept-encoding": "identity" };

export interface HubCall {
  method?: "GET" | "POST";
  /** Below the hub's address, encoded. */
  path: string;
  /** Sent to the hub's own origin only. */
  credentials?: Record<string, string> | undefined;
  json?: unknown;
  maxBytes: number;
}

export interface HubAnswer {
  status: number;
  bytes: Buffer;
}

export type HubBody = AsyncIterable<Uint8Array> & { destroy(): void };

interface OpenHubAnswer {
  status: number;
  body: HubBody;
}

/**
 * One call of a hub, with redirects followed to the hub's own storage only.
 *
 * @throws {@link StudioError} `hub_unreachable`, `unusable_answer` for a redirect elsewhere, `too_large`
 */
export async function callHub(
  hub: Hub,
  { maxBytes, ...call }: HubCall,
  options: { signal: AbortSignal },
): Promise<HubAnswer> {
  const { status, body } = await openHubFile(hub, call, options);
  return { status, bytes: await bytesUpTo(body, maxBytes) };
}

/**
 * As {@link callHub}, with the body still to be read; who stops reading early destroys it.
 *
 * @throws {@link StudioError} from here or while iterating
 */
export async function openHubFile(
  hub: Hub,
  call: Omit<HubCall, "maxBytes">,
  { signal }: { signal: AbortSignal },
): Promise<OpenHubAnswer> {
  let url = new URL(hub.endpoint + call.path);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const { status, headers, body } = await sendTo(hub, url, call, signal);
    const location = status >= 300 && status < 400 ? headers.location : undefined;
    if (location === undefined) {
      return {
        status,
        body: {
          [Symbol.asyncIterator]: () => hubBytes(body, hub, signal),
          destroy: () => void body.destroy(),
        },
      };
    }
    body.destroy();
    url = nextUrl(hub, location, url);
  }
  throw new StudioError(
    "unusable_answer",
    `${hub.name} redirects more than ${MOST_REDIRECTS} times.`,
  );
}

async function* hubBytes(
  body: AsyncIterable<Uint8Array>,
  hub: Hub,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw asHubError(error, hub, signal);
  }
}

async function sendTo(
  hub: Hub,
  url: URL,
  call: Omit<HubCall, "maxBytes">,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const isOwn = isOwnOrigin(hub, url);
  try {
    return await callUpstream({
      method: call.method ?? "GET",
      url: url.href,
      headers: {
        ...HEADERS,
        ...(isOwn ? call.credentials : {}),
        ...(call.json === undefined ? {} : { "content-type": "application/json" }),
      },
      body: call.json === undefined ? undefined : JSON.stringify(call.json),
      silenceMs: SILENCE_MS,
      publicOnly: !isOwn && !isLoopbackHost(url.hostname),
      signal,
    });
  } catch (error) {
    throw asHubError(error, hub, signal);
  }
}

function nextUrl(hub: Hub, location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (next && mayRedirectTo(hub, next)) return next;
  throw new StudioError(
    "unusable_answer",
    `${hub.name} redirects to a place where its files do not lie.`,
  );
}

function asHubError(error: unknown, hub: Hub, signal: AbortSignal): unknown {
  if (signal.aborted || (error instanceof StudioError && error.code === "too_large")) return error;
  const sentence =
    error instanceof StudioError ? error.message : `${hub.name} broke off its answer.`;
  return new StudioError("hub_unreachable", sentence, { retryable: true, cause: error });
}
