import path from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@/lib/base/clock";
import { formatBytes, formatCount } from "@/lib/base/format";
import { downloadModel } from "@/lib/server/downloads/model-download";
import { hubEndpoints, huggingFace, modelScope } from "@/lib/server/downloads/model-hubs";
import { builtinModels } from "@/lib/server/models/builtin-models";
import { modelFolders } from "@/lib/server/models/model-catalog";
import { inspectFolder } from "@/lib/server/models/model-folder";
import { UsageError, type Command, type CommandContext, type CommandResult } from "../command";

type ListedModel = { name: string; directory: string } & (
  { parameters: number; contextLength: number } | { reason: string }
);

/** The models that the local server has on this machine. */
export const models: Command = {
  usage: [
    [
      "models [--data-dir DIR]",
      "lists the local server's models, and folders that it cannot serve",
    ],
    ["models add OWNER/NAME [--data-dir DIR]", "downloads one from ModelScope or Hugging Face"],
  ],
  run: async (args, context) => {
    const { positionals, modelsDir } = readArguments(args, context);
    const [action, id, ...rest] = positionals;
    if (action === undefined) return list(modelsDir);
    if (action !== "add" || id === undefined || rest.length > 0)
      throw new UsageError(`"models ${positionals.join(" ")}" is not understood.`);
    return add(id, modelsDir, context);
  },
};

function readArguments(args: readonly string[], { cwd, dataDir }: CommandContext) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { "data-dir": { type: "string", default: dataDir } },
    });
    return { positionals, modelsDir: path.resolve(cwd, values["data-dir"], "models") };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function list(modelsDir: string): CommandResult {
  const value = [...builtinModels(), ...modelFolders(modelsDir)].map((folder): ListedModel => {
    try {
      const { config, parameterCount } = inspectFolder(folder.name, folder.directory, {});
      return { ...folder, parameters: parameterCount, contextLength: config.maxPositions };
    } catch (error) {
      return { ...folder, reason: (error as Error).message };
    }
  });
  const text = value.map((model) =>
    "reason" in model
      ? `${model.name}  cannot be served: ${model.reason}`
      : `${model.name}  ${formatCount(model.parameters)} parameters, ${model.contextLength} tokens, ${model.directory}`,
  );
  return { value, text: text.join("\n") };
}

async function add(
  id: string,
  modelsDir: string,
  { env, progress, signal }: CommandContext,
): Promise<CommandResult> {
  const { hubEndpoint, huggingFaceEndpoint } = hubEndpoints(env);
  const directory = await downloadModel(
    id,
    {
      access: { clock: systemClock, fetch },
      hubs: [modelScope(hubEndpoint), huggingFace(huggingFaceEndpoint)],
      modelsDir,
      engine: {},
      onProgress: ({ host, doneBytes, totalBytes }) =>
        progress({
          label: `${id} from ${host}`,
          share: totalBytes && doneBytes / totalBytes,
          detail: totalBytes ? `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}` : "",
        }),
    },
    { signal },
  );
  return {
    value: { name: id, directory },
    text: `${id} is in ${directory}; the local server serves it from now on.`,
  };
}
