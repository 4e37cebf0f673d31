import { removeLeftovers } from "@/lib/storage/datasets";
import { getModelFiles } from "@/lib/storage/model-files";
import { opfsFileStore } from "@/lib/storage/opfs-file-store";
import { modelFileReader } from "@/lib/tokenizer/model-files";
import { serveDataset } from "./dataset-port";
import { datasetService } from "./dataset-service";

/* Composition root of the dataset worker. */

const store = opfsFileStore();
const fetch = self.fetch.bind(self);

serveDataset(
  self,
  datasetService({
    store,
    fetch,
    newId: () => crypto.randomUUID(),
    now: () => Date.now(),
    readFile: modelFileReader({
      fetch,
      caches: self.caches,
      givenFiles: async (model) => (await getModelFiles(model))?.files ?? null,
    }),
  }),
);

// Nobody waits for it: what it leaves undone is done at the next start, and a call says what the browser lacks.
void removeLeftovers(store).catch(() => undefined);
