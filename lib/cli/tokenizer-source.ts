import fs from "node:fs";
import path from "node:path";
import { StudioError } from "@/lib/base/errors";
import { hubFileCache } from "@/lib/hub/file-cache";
import { huggingFace, modelScope } from "@/lib/hub/hubs";
import { findModelFile } from "@/lib/hub/model-file";
import { serverModelFile } from "@/lib/hub/server-model-file";
import { hubEndpoints } from "@/lib/server/downloads/model-hubs";
import type { ReadModelFile } from "@/lib/tokenizer/model-files";
import { modelTokenizers } from "@/lib/tokenizer/model-tokenizers";
import type { ModelTokenizer } from "@/lib/tokenizer/model-tokenizer";
import { UsageError, type CommandContext } from "./command";
import type { Connection } from "./connection";

const MODEL_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** A model's own files, by what `--tokenizer` or `--base` says. */
export interface TokenizerSource {
  /** The model id, or the folder. */
  name: string;
  readFile: ReadModelFile;
}

/**
 * The files of a folder when there is one of that name, else of the model: from the training server, else from the hubs,
 * kept in the data folder.
 *
 * @throws UsageError when it is neither a folder nor a model id
 */
export function tokenizerSource(
  idOrFolder: string,
  connection: Connection,
  { cwd, env, dataDir }: Pick<CommandContext, "cwd" | "env" | "dataDir">,
): TokenizerSource {
  const folder = path.resolve(cwd, idOrFolder);
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return { name: idOrFolder, readFile: (_, file) => readOrNull(path.join(folder, file)) };
  if (!MODEL_ID.test(idOrFolder))
    throw new UsageError(`"${idOrFolder}" is no folder, and no model id such as owner/name.`);

  const { hubEndpoint, huggingFaceEndpoint } = hubEndpoints(env);
  const hubs = {
    cache: hubFileCache(dataDir),
    modelScope: modelScope({ modelScopeEndpoint: hubEndpoint }),
    huggingFace: huggingFace({ huggingFaceEndpoint }),
  };
  const server = { ...connection, publicOnly: false };
  const readFile: ReadModelFile = async (model, file, { signal }) => {
    try {
      const bytes = await findModelFile(
        model,
        file,
        {
          ...hubs,
          askTrainingServer: (wanted) =>
            serverModelFile(server, model, wanted, { signal }).catch(nullIfAway),
        },
        { signal },
      );
      return bytes.toString("utf8");
    } catch (error) {
      if (error instanceof StudioError && error.code === "not_found") return null;
      throw error;
    }
  };
  return { name: idOrFolder, readFile };
}

/**
 * The tokenizer of a folder or a model.
 *
 * @throws UsageError as {@link tokenizerSource}; StudioError `tokenizer_unavailable` or `hub_unreachable`
 */
export function loadTokenizer(
  idOrFolder: string,
  connection: Connection,
  context: Pick<CommandContext, "cwd" | "env" | "dataDir">,
): Promise<ModelTokenizer> {
  const { name, readFile } = tokenizerSource(idOrFolder, connection, context);
  return modelTokenizers(readFile)(name);
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await fs.promises.readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Counting tokens needs no training server: the hubs have the files too. */
function nullIfAway(error: unknown): null {
  if (error instanceof StudioError && ["unreachable", "timeout"].includes(error.code)) return null;
  throw error;
}
