import { systemClock } from "@/lib/base/clock";
import { StudioError } from "@/lib/base/errors";
import { createTrainingApi } from "@/lib/client/training-api";
import { createTransport } from "@/lib/client/transport";
import { findTokenSet } from "@/lib/storage/datasets";
import { runJournal } from "@/lib/storage/run-journal";
import { knownFeatures } from "@/lib/storage/servers";
import { openTokenRows } from "@/lib/storage/token-set-files";
import type { RunConfig } from "@/lib/training/types";
import { lockRun } from "./run-locks";
import type { TrainingMessage, TrainingRequest } from "./training-messages";
import { TrainingService } from "./training-service";

function apiOf(serverId: string) {
  return createTrainingApi(
    createTransport({
      baseUrl: new URL("/api/training", self.location.origin).href,
      fetch: (input, init) => fetch(input, init),
      headers: { "x-studio-server": serverId },
    }),
  );
}

async function openRows({ datasetId, baseModel }: RunConfig) {
  const tokenSet = await findTokenSet(datasetId, baseModel);
  if (!tokenSet)
    throw new StudioError("dataset_invalid", "the dataset is not tokenized for this base model");
  return openTokenRows(tokenSet.id);
}

const service = new TrainingService({
  apiOf,
  journal: runJournal,
  clock: systemClock,
  openRows,
  optimizerRefusedAt: async (serverId) => {
    const known = (await knownFeatures(serverId)).load_optimizer;
    return known?.has === false ? known.learnedAt : null;
  },
  newKey: () => crypto.randomUUID().slice(0, 13),
  lock: lockRun,
  post: (message: TrainingMessage) => self.postMessage(message),
});

self.addEventListener(
  "message",
  ({ data }: MessageEvent<TrainingRequest>) => void service.answer(data),
);
