import { readFileSync } from "node:fs";
import path from "node:path";

import type { Clock } from "@/lib/base/clock";
import { modelCard } from "@/lib/base/model-card";

import { refusal } from "../http/errors";
import type { ServedModel } from "../models/served-model";
import { CONFIG_FILE, WEIGHTS_FILE } from "../runs/peft-config";
import { checkpointPath } from "../runs/checkpoint-paths";
import { EMPTY_TOKEN } from "../runs/owners";
import type { RunRecord, StoredCheckpoint } from "../runs/run-store";
import { HubClient, TOKEN_PAGE, type HubFile } from "./hub-client";

interface PublishRequest {
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
  clock: Clock;
  endpoint: string;
  models: ReadonlyMap<string, ServedModel>;
  fetch: typeof fetch;
}

const LOOK_AGAIN_MS = [500, 1000, 2000, 4000];

/**
 * Uploads an adapter as the private model `USER/{run}_{name}`, where USER is whom the token belongs to, and returns when
 * the hub shows all its files. The optimizer stays here. Repeating it replaces the files.
 *
 * @throws WireError 401 without a token that the hub accepts, 403 with one that may only read, 400 when the name is taken
 *   by something that is not private (409 is what the SDK repeats for minutes): all before any upload
 */
export function createPublisher({ clock, endpoint, models, fetch }: PublisherOptions): Publisher {
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
    const owner = await hub.logIn(token, { signal });
    const repository = { owner, name: `${run.id}_${name}` };
    const id = `${owner}/${repository.name}`;
    const license = models.get(checkpoint.facts.baseModel)?.license ?? null;
    await hub.createPrivate(repository, license, { signal });
    const model = await eventually(() => hub.findModel(repository, { signal }));
    if (!model?.isOwnPrivate) {
      throw refusal(
        400,
        `${id} is on ModelScope already and is not a private model of yours; nothing was uploaded. Make it private or rename it there.`,
      );
    }

    const stored = (file: string) => readFileSync(path.join(checkpoint.folder, file));
    const card = new TextEncoder().encode(
      modelCard({
        ...{ repository: id, baseModel: checkpoint.facts.baseModel, license },
        ...{ trainedOn: "a local server", facts: cardFacts(run, checkpoint) },
      }),
    );
    const files: HubFile[] = [
      { path: "README.md", content: card, isLarge: false },
      { path: CONFIG_FILE, content: stored(CONFIG_FILE), isLarge: false },
      { path: WEIGHTS_FILE, content: stored(WEIGHTS_FILE), isLarge: true },
    ];
    await hub.commit(repository, `Upload ${name}`, files, { signal });
    const areThere = await eventually(
      async () => (await hub.hasFiles(repository, files, { signal })) || null,
    );
    if (!areThere)
      throw refusal(
        502,
        `ModelScope does not show the files of ${id} as they were uploaded; publish again.`,
      );

    /** What was just written may take the hub a moment to show. */
    async function eventually<T>(look: () => Promise<T | null>): Promise<T | null> {
      for (const waitMs of LOOK_AGAIN_MS) {
        const found = await look();
        if (found !== null) return found;
        await clock.sleep(waitMs, { signal });
      }
      return look();
    }
  };
}

function cardFacts(run: RunRecord, { ref, facts }: StoredCheckpoint): [string, string][] {
  return [
    ["Base model", facts.baseModel],
    ["LoRA rank", String(facts.rank)],
    ["LoRA alpha", String(facts.alpha)],
    ...(facts.steps > 0 ? [["Optimizer steps", String(facts.steps)] as [string, string]] : []),
    ...(facts.loss !== null
      ? [["Training loss of the last step", facts.loss.toFixed(4)] as [string, string]]
      : []),
    ["Training run", run.id],
    ["Checkpoint", checkpointPath(ref)],
    ["Saved", facts.savedAt],
  ];
}
