import { StudioError } from "@/lib/base/errors";
import { API_ROUTES, TOKENIZER_FILES, type ApiRoute } from "@/lib/protocol/routes";

const CHECKPOINT_KINDS = ["weights", "sampler_weights"];
const QUERY_NAMES = ["limit", "offset"];

export interface AllowedCall {
  route: ApiRoute;
  /** Below `/api/v1/`, encoded, with the query that may pass. */
  path: string;
}

/**
 * The call of the training API that a path below the proxy stands for; everything but {@link API_ROUTES} is refused.
 * Works on the raw path, so that an encoded slash is seen as what it is.
 *
 * @param rawPath - what follows `/api/training/`, still encoded
 * @throws {@link StudioError} `bad_request` for a segment that is no id, `not_found` for a call that is not listed
 */
export function allowedCall(method: string, rawPath: string, query: URLSearchParams): AllowedCall {
  const segments = rawPath.split("/").map(decodedSegment);
  const route = API_ROUTES.find(
    (candidate) => candidate.method === method && fits(candidate.path, segments),
  );
  if (!route) throw new StudioError("not_found", "The studio does not pass this call on.");
  const search = new URLSearchParams();
  for (const name of QUERY_NAMES) {
    const value = query.get(name);
    if (value !== null && /^\d{1,9}$/.test(value)) search.set(name, value);
  }
  const path = segments.map(encodeURIComponent).join("/");
  return { route, path: search.size ? `${path}?${search.toString()}` : path };
}

/** Letters of any script: Twinkle keeps them in the names of checkpoints. */
function decodedSegment(segment: string): string {
  const decoded = decodedOrEmpty(segment);
  if (!/^[\p{L}\p{M}\p{N}._~-]+$/u.test(decoded) || decoded === "." || decoded === "..") {
    throw new StudioError("bad_request", "The path holds a part that is not a name.");
  }
  return decoded;
}

function decodedOrEmpty(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

function fits(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern
    .split("/")
    .flatMap((part) => (part === "{checkpoint}" ? ["{kind}", "{checkpoint}"] : [part]));
  return (
    parts.length === segments.length &&
    parts.every((part, index) => fitsPart(part, segments[index] as string))
  );
}

function fitsPart(part: string, segment: string): boolean {
  if (part === "{kind}") return CHECKPOINT_KINDS.includes(segment);
  if (part === "{file}") return (TOKENIZER_FILES as readonly string[]).includes(segment);
  return part.startsWith("{") || part === segment;
}
