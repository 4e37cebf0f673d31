import type { Clock } from "@/lib/base/clock";

const MOST_REDIRECTS = 5;
const SILENCE_MS = 30_000;
/** The storage of ModelScope answers 403 to a call without a user agent. */
const HEADERS = { "user-agent": "twinkle-studio", "accept-encoding": "identity" };

/** This hub could not give it; another one may. */
export class HubFailure extends Error {
  override name = "HubFailure";
  /** False where asking the same hub again would change nothing. */
  readonly isRetryable: boolean;

  constructor(sentence: string, options: { isRetryable: boolean; cause?: unknown }) {
    super(sentence, { cause: options.cause });
    this.isRetryable = options.isRetryable;
  }
}

/** How a hub is reached. No call carries a token. */
export interface HubAccess {
  clock: Clock;
  fetch: typeof fetch;
}

interface Abortable {
  signal: AbortSignal;
}

/** What a hub answered, and from where after its redirects. */
export interface HubAnswer {
  response: Response;
  url: URL;
}

/**
 * The answer of a hub to a GET, after redirects: over https anywhere, over http on this machine only and only when the
 * hub itself is there.
 *
 * @throws HubFailure when it cannot be reached, stays silent, or redirects elsewhere
 */
export async function askHub(
  access: HubAccess,
  start: URL,
  headers: Record<string, string>,
  { signal }: Abortable,
): Promise<HubAnswer> {
  let url = start;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const silent = new AbortController();
    const asked = access.fetch(url, {
      headers: { ...HEADERS, ...headers },
      redirect: "manual",
      signal: AbortSignal.any([signal, silent.signal]),
    });
    const response = await unlessSilent(access, asked, url, { signal }).catch((error: unknown) => {
      silent.abort();
      throw error;
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null)
      return { response, url };
    await response.body?.cancel();
    url = nextUrl(start, url, location);
  }
  throw new HubFailure(`${start.host} redirects more than ${MOST_REDIRECTS} times.`, {
    isRetryable: false,
  });
}

/**
 * The parts of an answer's body as they come.
 *
 * @throws HubFailure when they stop coming
 */
export async function* bodyParts(
  access: HubAccess,
  { response, url }: HubAnswer,
  { signal }: Abortable,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await unlessSilent(access, reader.read(), url, { signal });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Waits for the network, which has failed when nothing comes for {@link SILENCE_MS}. */
async function unlessSilent<T>(
  { clock }: HubAccess,
  coming: Promise<T>,
  { host }: URL,
  { signal }: Abortable,
): Promise<T> {
  const came = new AbortController();
  const silence = clock.sleep(SILENCE_MS, { signal: came.signal }).then(() => {
    throw new HubFailure(`${host} sent nothing for ${SILENCE_MS / 1000} s.`, { isRetryable: true });
  });
  try {
    return await Promise.race([coming, silence]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HubFailure) throw error;
    throw new HubFailure(`${host} cannot be reached: ${reasonOf(error)}.`, {
      isRetryable: true,
      cause: error,
    });
  } finally {
    silence.catch(() => undefined);
    came.abort();
  }
}

function nextUrl(start: URL, from: URL, location: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (next && !next.username && !next.password) {
    if (next.protocol === "https:" && !isOnThisMachine(next)) return next;
    if (isOnThisMachine(start) && isOnThisMachine(next)) return next;
  }
  throw new HubFailure(`${start.host} redirects to a place that downloads do not go to.`, {
    isRetryable: false,
  });
}

function isOnThisMachine({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
