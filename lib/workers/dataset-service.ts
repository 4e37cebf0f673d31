import { StudioError, toErrorReport } from "@/lib/base/errors";
import { RowFault } from "@/lib/dataset/row-fault";
import { readSample } from "@/lib/dataset/row-reader";
import { openDatasetFile, type StoredRow } from "@/lib/storage/dataset-files";
import {
  findTokenSet,
  getDataset,
  getTokenSet,
  removeDataset,
  removeTokenSets,
} from "@/lib/storage/datasets";
import { putModelFiles, removeModelFiles } from "@/lib/storage/model-files";
import { openTokenRows } from "@/lib/storage/token-set-files";
import type { DatasetRecord } from "@/lib/storage/types";
import { templateError } from "@/lib/tokenizer/dataset-refusals";
import { encodeChat, encodeText } from "@/lib/tokenizer/encode-prompt";
import { checkGivenFiles } from "@/lib/tokenizer/given-files";
import { readModelFacts } from "@/lib/tokenizer/model-facts";
import type { ReadModelFile } from "@/lib/tokenizer/model-files";
import { modelTokenizers } from "@/lib/tokenizer/model-tokenizers";
import { planRun } from "@/lib/training/plan";
import { importDataset, type DatasetParts } from "./dataset-import";
import type { DatasetService } from "./dataset-messages";
import { tokenizeDataset } from "./dataset-tokenize";
import { openHubSlice } from "./hub-slice";
import type { RowView } from "./hosts";

const RAW_CHARACTERS = 20_000;

/** Everything that the dataset worker does, put together from its parts. */
export function datasetService(
  parts: DatasetParts & { readFile: ReadModelFile; fetch: typeof fetch },
): DatasetService {
  const { store, readFile, now } = parts;
  let tokenizerOf = modelTokenizers(readFile);

  /** What was made with the model's files as they were. */
  async function forget(baseModel: string) {
    tokenizerOf = modelTokenizers(readFile);
    await removeTokenSets(baseModel, store);
  }

  async function readStored(datasetId: string, from: number, count: number) {
    const dataset = await requireDataset(datasetId);
    const file = await openDatasetFile(store, datasetId);
    const rows: StoredRow[] = [];
    for await (const block of file.blocks(from, count)) rows.push(...block);
    return { dataset, rows };
  }

  return {
    importFile: (args, context) => importDataset(args, parts, context),
    readHubSlice: (args, context) => openHubSlice(args, parts.fetch, context),
    removeDataset: ({ datasetId }) => removeDataset(datasetId, store),

    async readRows({ datasetId, from, count }) {
      const { dataset, rows } = await readStored(datasetId, from, count);
      return rows.map((row, at) => viewOf(row, from + at, dataset));
    },

    async tokenize({ datasetId, baseModel }, context) {
      const found = await findTokenSet(datasetId, baseModel);
      if (found) return found;
      const dataset = await requireDataset(datasetId);
      return tokenizeDataset(dataset, baseModel, await tokenizerOf(baseModel), parts, context);
    },

    async rowTokens({ datasetId, baseModel, row }) {
      const { dataset, rows } = await readStored(datasetId, row, 1);
      const stored = rows[0];
      if (!stored) throw new StudioError("not_found", `There is no row ${row}.`);
      const tokenizer = await tokenizerOf(baseModel);
      try {
        const sample = readSample(stored.bytes, dataset.format);
        return tokenizer.pieces(tokenizer.tokenizeSample(sample));
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        throw new StudioError("dataset_invalid", "This row cannot be tokenized.", {
          details: { ...error.params, cause: "row", problem: error.code, line: stored.line },
        });
      }
    },

    async rowLengths({ tokenSetId }) {
      const tokens = await openTokenRows(tokenSetId, store);
      const { datasetId } = await requireTokenSet(tokenSetId);
      const file = await openDatasetFile(store, datasetId);
      const lengthOf = new Map(
        Array.from(tokens.lines, (line, row) => [line, tokens.lengths[row]]),
      );
      return (await file.lines()).map((line) => lengthOf.get(line) ?? 0);
    },

    async lengthHistogram({ tokenSetId, bins }) {
      const { lengths } = await openTokenRows(tokenSetId, store);
      const upTo = lengths.reduce((longest, length) => Math.max(longest, length), 0);
      const counts = new Array<number>(bins).fill(0);
      for (const length of lengths) {
        const bin = Math.min(bins - 1, Math.floor((length / upTo) * bins));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return { upTo, counts };
    },

    async planRun({ config }) {
      const tokenSet = await findTokenSet(config.datasetId, config.baseModel);
      if (!tokenSet)
        throw new StudioError("not_found", "The dataset is not tokenized for this model.");
      return planRun(config, await openTokenRows(tokenSet.id, store));
    },

    async loadTokenizer({ baseModel }) {
      const tokenizer = await tokenizerOf(baseModel);
      const problem = templateError(baseModel, tokenizer);
      return { stop: tokenizer.stopStrings(), templateProblem: problem && toErrorReport(problem) };
    },

    async giveModelFiles({ baseModel, files }) {
      const faults = await checkGivenFiles(files);
      if (faults.length > 0) return faults;
      await putModelFiles({ baseModel, files, addedAt: now() });
      await forget(baseModel);
      return [];
    },

    async dropModelFiles({ baseModel }) {
      await removeModelFiles(baseModel);
      await forget(baseModel);
    },

    encodeChat: async ({ baseModel, messages }) =>
      encodeChat(await tokenizerOf(baseModel), baseModel, messages),
    encodeText: async ({ baseModel, text }) => encodeText(await tokenizerOf(baseModel), text),
    decode: async ({ baseModel, ids }) => (await tokenizerOf(baseModel)).decode(ids),
    modelFacts: ({ baseModel }, context) => readModelFacts(baseModel, readFile, context),
  };
}

function viewOf({ line, bytes }: StoredRow, index: number, dataset: DatasetRecord): RowView {
  const sample = readSample(bytes, dataset.format);
  return { index, line, sample, raw: new TextDecoder().decode(bytes).slice(0, RAW_CHARACTERS) };
}

async function requireDataset(datasetId: string): Promise<DatasetRecord> {
  const dataset = await getDataset(datasetId);
  if (!dataset) throw new StudioError("not_found", "The dataset is no longer there.");
  return dataset;
}

async function requireTokenSet(tokenSetId: string) {
  const tokenSet = await getTokenSet(tokenSetId);
  if (!tokenSet) throw new StudioError("not_found", "The tokens are no longer there.");
  return tokenSet;
}
