import { systemClock } from "@/lib/base/clock";
import { toErrorReport, type ErrorReport } from "@/lib/base/errors";
import { formatBytes } from "@/lib/base/format";
import { modelCard, trainingRows, type ModelCardFacts } from "@/lib/base/model-card";
import { awaitAdapter, isCut } from "@/lib/base/publish-outcome";
import { nullIfAbsent } from "@/lib/client/server-capabilities";
import { createFileJournal } from "@/lib/command-runs/file-journal";
import { commandRunsFolder } from "@/lib/command-runs/folder";
import { HUB_TOKEN_PAGE } from "@/lib/config/studio-api";
import { modelScope } from "@/lib/hub/hubs";
import { addModelCard, checkAccount, modelOnHub, tokenReadOnly } from "@/lib/hub/modelscope";
import type { WeightsInfo } from "@/lib/protocol/checkpoints";
import { hubEndpoints } from "@/lib/server/downloads/model-hubs";
import { parseCheckpointPath } from "../checkpoint-path";
import { UsageError, type Command, type CommandContext } from "../command";
import { connect, readCall, tokenOf } from "../connection";
import { requireFeature } from "../known-servers";

/** A checkpoint as a private model on ModelScope, verified there, with its card. */
export const publish: Command = {
  usage: [
    [
      "publish PATH [--hub-token T|-]",
      "publishes a checkpoint as a private model on ModelScope; the token is also taken from MODELSCOPE_API_TOKEN",
    ],
  ],
  run: async (args, context) => {
    const { positionals, values, connection } = readCall(args, context, {
      "hub-token": { type: "string" },
    });
    const [path, ...rest] = positionals;
    if (path === undefined || rest.length > 0)
      throw new UsageError("publish needs the path of one checkpoint.");
    const { run, id } = parseCheckpointPath(path);
    await requireFeature("publish", context, connection);
    const { signal, progress, note, env } = context;
    const { api, serverUrl, token: own } = connection;
    const told = await api.capabilities({ signal }).catch(nullIfAbsent);
    if (!told)
      note(
        "The server does not say which token it publishes with; it is taken for the one that it is called with.",
      );
    const publishTakesHubToken = told?.publishTakesHubToken ?? false;
    const given = tokenOf(values["hub-token"]) ?? env["MODELSCOPE_API_TOKEN"];
    const token = publishTakesHubToken ? hubToken(given, own) : sameToken(given, own);
    const hub = modelScope({ modelScopeEndpoint: hubEndpoints(env).hubEndpoint });
    const account = await checkAccount(hub, token, { signal });
    if (!account.canWrite) throw tokenReadOnly(hub);
    const modelId = `${account.name}/${run}_${id.split("/")[1]}`;
    const look = () => modelOnHub(hub, modelId, token, { signal });
    const info = await api.weightsInfo(path, { signal });
    const wasThere = (await look()).exists;
    progress({ label: `Publishing ${modelId}`, share: null, detail: "" });

    let cut: ErrorReport | null = null;
    try {
      await connect(serverUrl, own, token).api.publish(run, id, { signal });
    } catch (error) {
      signal.throwIfAborted();
      cut = toErrorReport(error);
      // Files that were there before prove nothing about this upload.
      if (!isCut(cut) || wasThere) throw explained(error, cut);
    }
    const model = await awaitAdapter(() => look().catch(() => null), {
      ...{ wasCut: cut !== null, clock: systemClock, signal },
    });
    if (!model)
      throw new Error(
        `${hub.name} does not show the whole adapter as ${modelId}${cut ? `: ${cut.message}` : ""}; publish again.`,
      );
    const card = modelCard({
      ...{ repository: modelId, baseModel: info.baseModel ?? "", license: null },
      ...{ trainedOn: "a training server", facts: await factsOf(path, run, info, context) },
    });
    const cardAdded = await addModelCard(hub, modelId, { card, token }, { signal });
    const { isPrivate, files, url } = await look();
    return {
      value: { modelId, url, isPrivate, files, cardAdded },
      text: [
        `${modelId} is on ${hub.name}${isPrivate ? ", as a private model" : ""}: ${url}`,
        ...files.map(({ path, sizeBytes }) => `  ${path}  ${formatBytes(sizeBytes)}`),
      ].join("\n"),
    };

    /** Twinkle publishes with the modelscope package of its own, which today knows no token that the hub knows. */
    function explained(error: unknown, { code }: ErrorReport): unknown {
      if (code !== "unauthorized" || publishTakesHubToken) return error;
      return new Error(
        `${hub.name} accepts the token, but the server's own modelscope package does not get it there: whoever runs the server has to mend that package.`,
        { cause: error },
      );
    }
  },
};

/** @throws UsageError when nothing says a token of the hub */
function hubToken(given: string | undefined, own: string): string {
  const token = given ?? (own.startsWith("ms-") ? own : undefined);
  if (token) return token;
  throw new UsageError(
    `publish needs a ModelScope token: --hub-token, or MODELSCOPE_API_TOKEN. Get one at ${HUB_TOKEN_PAGE}.`,
  );
}

/**
 * Of a server that hands the hub the token that it is called with, as Twinkle does.
 *
 * @throws UsageError when that is not the given one
 */
function sameToken(given: string | undefined, own: string): string {
  if (own && (given ?? own) === own) return own;
  throw new UsageError(
    `The server publishes with the token that says whose the checkpoint is: let --token be your ModelScope token, in training too. Get one at ${HUB_TOKEN_PAGE}.`,
  );
}

/** With what the journal says, where the run was one of this data folder. */
async function factsOf(
  path: string,
  run: string,
  info: WeightsInfo,
  { dataDir }: CommandContext,
): Promise<ModelCardFacts["facts"]> {
  // The card can do without a journal that cannot be read.
  const records = await createFileJournal(commandRunsFolder(dataDir))
    .records()
    .catch(() => []);
  const saved = records
    .flatMap(({ config, checkpoints }) =>
      checkpoints.map((checkpoint) => ({
        ...checkpoint,
        ...{ run: config.name, step: checkpoint.nextStep },
      })),
    )
    .find((checkpoint) => checkpoint.path === path);
  return trainingRows({ ...info, path, run, ...saved });
}
