import { isAbort, StudioError } from "@/lib/base/errors";
import { isJsonObject } from "@/lib/dataset/json-object";
import type { TokenizerFile } from "@/lib/protocol/routes";
import type { GivenFiles } from "./given-files";

/** Text of a model's file, null when the model has no such file. */
export type ReadModelFile = (
  model: string,
  file: TokenizerFile,
  options: { signal: AbortSignal },
) => Promise<string | null>;

const CACHE_NAME = "twinkle-model-files";
const PATH = "/api/models/files";

/**
 * Reads model files as they were given by hand, else through the studio. A copy is kept in the browser: asked for again it is only compared, and it serves
 * when neither the training server nor a hub can be reached.
 *
 * Rejects with `tokenizer_unavailable` when the file can be had from nowhere.
 */
export function modelFileReader({
  fetch,
  caches,
  givenFiles,
}: {
  fetch: typeof globalThis.fetch;
  /** Undefined where the browser keeps no cache, such as over plain HTTP. */
  caches: Pick<CacheStorage, "open"> | undefined;
  /** All that there is of a model, once somebody gave any of it by hand; else null. */
  givenFiles: (model: string) => Promise<GivenFiles | null>;
}): ReadModelFile {
  return async (model, file, { signal }) => {
    const given = await givenFiles(model);
    if (given) return (await given[file]?.text()) ?? null;

    const url = `${PATH}?${new URLSearchParams({ model, file }).toString()}`;
    const cache = await caches?.open(CACHE_NAME);
    const kept = await cache?.match(url);
    const answer = await ask(url, kept?.headers.get("etag") ?? null, signal);

    if (answer?.status === 404) {
      await cache?.delete(url);
      return null;
    }
    if (answer?.ok) {
      const copy = answer.clone();
      const [text] = await Promise.all([
        answer.text(),
        cache?.put(url, copy).catch(() => undefined),
      ]);
      return text;
    }
    if (kept) return kept.text();
    const reason = answer ? await reasonIn(answer) : "The studio cannot be reached.";
    throw new StudioError("tokenizer_unavailable", `No ${file} of ${model}: ${reason}`, {
      retryable: true,
      details: { model, file, cause: answer && answer.status < 500 ? "absent" : "unreachable" },
    });
  };

  /** Null when the studio itself cannot be reached. */
  async function ask(
    url: string,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<Response | null> {
    try {
      return await fetch(url, { signal, headers: etag === null ? {} : { "if-none-match": etag } });
    } catch (error) {
      if (isAbort(error)) throw error;
      return null;
    }
  }
}

/** The sentence in an error of the studio's routes. */
async function reasonIn(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const message = isJsonObject(body) ? body["message"] : null;
  return typeof message === "string" ? message : `The studio answered with ${answer.status}.`;
}
