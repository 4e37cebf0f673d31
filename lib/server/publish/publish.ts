import { readFileSync } from "node:fs";
import path from "node:path";

import { refusal } from "../http/errors";
import type { ServedModel } from "../models/served-model";
import { CONFIG_FILE, WEIGHTS_FILE } from "../runs/checkpoint-files";
import { EMPTY_TOKEN } from "../runs/owners";
import type { RunRecord, StoredCheckpoint } from "../runs/run-store";
import { HubClient, TOKEN_PAGE, type HubFile } from "./hub-client";
import { modelCard } from "./model-card";

export interface PublishRequest {
  run: RunRecord;
  checkpoint: StoredCheckpoint;
  /** The caller's ModelScope token. */
  token: string | null;
}

export type Publisher = (
  request: PublishRequest,
  options: { signal: AbortSignal },
) => Promise<void>;

export interface PublisherOptions {
  endpoint: string;
  models: ReadonlyMap<string, ServedModel>;
  fetch: typeof fetch;
}

/**
 * Uploads an adapter as the private model `USER/{run}_{name}`, where USER is whom the token belongs to, and returns when
 * the hub shows all its files. The optimizer stays here. Repeating it replaces the files.
 *
 * @throws WireError 401 without a token that the hub accepts, 403 with one that may only read, 409 when the name is taken
 *   by something that is not private: all before any upload
 */
export function createPublisher({ endpoint, models, fetch }: PublisherOptions): Publisher {
  return async ({ run, checkpoint, token }, { signal }) => {
    if (!token || token === EMPTY_TOKEN || !/^[\x21-\x3a\x3c-\x7e]+$/.test(token)) {
      throw refusal(
        401,
        `Publishing needs your ModelScope token. Get one at ${TOKEN_PAGE} and try again.`,
      );
    }
    const { name } = checkpoint.ref;
    if (!/^[\x21-\x7e]+$/.test(name)) {
      throw refusal(
        400,
        `ModelScope takes only letters A-Z, digits, - and _ in a name, not "${name}"; save the weights under such a name.`,
      );
    }
    const hub = new HubClient({ endpoint, token, fetch });
    const owner = await hub.logIn({ signal });
    const repository = { owner, name: `${run.id}_${name}` };
    const license = models.get(checkpoint.facts.baseModel)?.license ?? null;
    await hub.createPrivate(repository, license, { signal });
    await hub.requirePrivate(repository, { signal });

    const card = modelCard({ repository: `${owner}/${repository.name}`, run, checkpoint, license });
    const stored = (file: string) => readFileSync(path.join(checkpoint.folder, file));
    const files: HubFile[] = [
      { path: "README.md", content: new TextEncoder().encode(card), isLarge: false },
      { path: CONFIG_FILE, content: stored(CONFIG_FILE), isLarge: false },
      { path: WEIGHTS_FILE, content: stored(WEIGHTS_FILE), isLarge: true },
    ];
    await hub.commit(repository, `Upload ${name}`, files, { signal });
    await hub.verify(repository, files, { signal });
  };
}
