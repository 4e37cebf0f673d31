import path from "node:path";
import { systemClock } from "@/lib/base/clock";
import { formatBytes, formatCount } from "@/lib/base/format";
import { downloadModel } from "@/lib/server/downloads/model-download";
import { hubEndpoints, huggingFace, modelScope } from "@/lib/server/downloads/model-hubs";
import { builtinModels } from "@/lib/server/models/builtin-models";
import { modelFolders } from "@/lib/server/models/model-catalog";
import { inspectFolder } from "@/lib/server/models/model-folder";
import { UsageError, type Command, type CommandContext, type CommandResult } from "../command";
import { readCall, type Connection } from "../connection";
import { offeredModels } from "../server-facts";

type ListedModel = { name: string; directory: string } & (
  { parameters: number; contextLength: number } | { reason: string }
);

/** The models that the connected server offers, or that the local one has on this machine. */
export const models: Command = {
  usage: [
    [
      "models [--data-dir DIR]",
      "lists those of the server that is named or kept; without one, or with --data-dir, the local server's, and folders that it cannot serve",
    ],
    ["models add OWNER/NAME [--data-dir DIR]", "downloads one from ModelScope or Hugging Face"],
  ],
  run: async (args, context) => {
    const { positionals, values, connection, isNamed } = readCall(args, context, {
      "data-dir": { type: "string" },
    });
    const [action, id, ...rest] = positionals;
    const dataDir = values["data-dir"] ?? context.dataDir;
    const modelsDir = path.resolve(context.cwd, dataDir, "models");
    if (action === undefined)
      return values["data-dir"] === undefined && isNamed
        ? offered(connection, context)
        : list(modelsDir);
    if (action !== "add" || id === undefined || rest.length > 0)
      throw new UsageError(`"models ${positionals.join(" ")}" is not understood.`);
    if (!/^[^/\s]+\/[^/\s]+$/.test(id))
      throw new UsageError(`"${id}" is not a model name; use the form OWNER/NAME.`);
    return add(id, modelsDir, context);
  },
};

async function offered({ api }: Connection, { signal }: CommandContext): Promise<CommandResult> {
  const value = (await offeredModels(api, { signal })).map(
    ({ name, maxContextLength: contextLength }) => ({
      name,
      contextLength,
    }),
  );
  const text = value.map(({ name, contextLength }) =>
    contextLength === null ? name : `${name}  ${contextLength} tokens`,
  );
  return { value, text: text.join("\n") || "No models." };
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
