import * as z from "zod/mini";
import { WireError } from "@/lib/base/errors";
import type { Transport } from "@/lib/client/transport";

/** `unknown`: the server could not be asked, or refuses the token. */
export type RoutePresence = "there" | "absent" | "unknown";

/** The path to ask stands where the route's own will not do. */
type Route = readonly [method: "GET" | "POST", path: string, asked?: string];

const PUBLISH_PATH = "training_runs/{run}/checkpoints/{checkpoint}/publish";
export const PUBLISH = `POST ${PUBLISH_PATH}`;

/** What a screen has to know before the user does anything. */
export const FIRST_ROUTES: readonly Route[] = [
  ["POST", "chat/completions"],
  ["POST", "load_weights"],
];

/** Calls that change nothing: reads, and writes with an empty body or of nothing, of which a server says what is missing. */
const ROUTES: readonly Route[] = [
  ["GET", "healthz"],
  ["GET", "get_server_capabilities"],
  ["GET", "twinkle/capacity_info"],
  ["GET", "models"],
  ["GET", "training_runs", "training_runs?limit=1&offset=0"],
  ["GET", "studio/models"],
  ...FIRST_ROUTES,
  ["POST", "forward"],
  ["POST", "save_weights_for_sampler"],
  ["POST", "unload_model"],
  ["POST", "get_info"],
  ["POST", "weights_info"],
  ["POST", "create_sampling_session"],
  ["POST", PUBLISH_PATH, "training_runs/studio-doctor/checkpoints/weights/none/publish"],
];
const LIMIT_MS = 20_000;

/**
 * Which calls a server has, by `METHOD path`; asks one after the other and executes nothing.
 *
 * @throws the signal's reason when it aborts; a server that cannot be reached makes a route `unknown`
 */
export async function probeRoutes(
  transport: Pick<Transport, "call">,
  { signal, routes = ROUTES }: { signal: AbortSignal; routes?: readonly Route[] },
): Promise<Record<string, RoutePresence>> {
  const found: Record<string, RoutePresence> = {};
  for (const [method, path, asked = path] of routes) {
    const body = method === "POST" ? {} : undefined;
    const call = { method, path: asked, body, answer: z.unknown() };
    found[`${method} ${path}`] = await transport
      .call(call, { signal, timeoutMs: LIMIT_MS })
      .then(() => "there" as const, presenceBy);
    signal.throwIfAborted();
  }
  return found;
}

function presenceBy(error: unknown): RoutePresence {
  if (isRouteAbsent(error)) return "absent";
  if (!(error instanceof WireError) || [401, 403, 429].includes(error.status)) return "unknown";
  return error.status < 500 || error.code === "upstream_failed" ? "there" : "unknown";
}

/** What servers and frameworks say of an address that they do not know. */
const NO_SUCH_ROUTE =
  /^((http |error )?404\b.*|(page )?not found|cannot (get|post|delete) .*|.*\b(path|route|url)\b.*|an html page.*)\W*$/i;

/** True for what a server says of a call that it does not have; a model or checkpoint that is not there is something else. */
export function isRouteAbsent(error: unknown): boolean {
  if (!(error instanceof WireError)) return false;
  if (error.status === 405 || error.status === 501) return true;
  return error.status === 404 && error.code === "not_found" && NO_SUCH_ROUTE.test(error.message);
}
