import { systemClock } from "@/lib/base/clock";
import { toErrorReport, type ErrorReport } from "@/lib/base/errors";
import { formatBytes } from "@/lib/base/format";
import { modelCard } from "@/lib/base/model-card";
import { awaitAdapter, isCut } from "@/lib/base/publish-outcome";
import { HUB_TOKEN_PAGE } from "@/lib/config/studio-api";
import { modelScope } from "@/lib/hub/hubs";
import { addModelCard, checkAccount, modelOnHub, tokenReadOnly } from "@/lib/hub/modelscope";
import { hubEndpoints } from "@/lib/server/downloads/model-hubs";
import { parseCheckpointPath } from "../checkpoint-path";
import { UsageError, type Command } from "../command";
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
    const own = connection.token.startsWith("ms-") ? connection.token : undefined;
    const token = tokenOf(values["hub-token"]) ?? context.env["MODELSCOPE_API_TOKEN"] ?? own;
    if (!token)
      throw new UsageError(
        `publish needs a ModelScope token: --hub-token, or MODELSCOPE_API_TOKEN. Get one at ${HUB_TOKEN_PAGE}.`,
      );

    const { signal, progress, env } = context;
    const hub = modelScope({ modelScopeEndpoint: hubEndpoints(env).hubEndpoint });
    const account = await checkAccount(hub, token, { signal });
    if (!account.canWrite) throw tokenReadOnly(hub);
    const modelId = `${account.name}/${run}_${id.split("/")[1]}`;
    const look = () => modelOnHub(hub, modelId, token, { signal });
    const baseModel = (await connection.api.weightsInfo(path, { signal })).baseModel ?? "";
    const wasThere = (await look()).exists;
    progress({ label: `Publishing ${modelId}`, share: null, detail: "" });

    let cut: ErrorReport | null = null;
    try {
      await connect(connection.serverUrl, connection.token, token).api.publish(run, id, { signal });
    } catch (error) {
      signal.throwIfAborted();
      cut = toErrorReport(error);
      // Files that were there before prove nothing about this upload.
      if (!isCut(cut) || wasThere) throw await explained(error, cut);
    }
    const model = await awaitAdapter(() => look().catch(() => null), {
      ...{ wasCut: cut !== null, clock: systemClock, signal },
    });
    if (!model)
      throw new Error(
        `${hub.name} does not show the whole adapter as ${modelId}${cut ? `: ${cut.message}` : ""}; publish again.`,
      );
    const facts = [["Training run", run] as const, ["Checkpoint", path] as const];
    const card = modelCard({
      ...{ repository: modelId, baseModel, license: null, trainedOn: "a training server", facts },
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
    async function explained(error: unknown, { code }: ErrorReport): Promise<unknown> {
      if (code !== "unauthorized") return error;
      const { publishTakesHubToken } = await connection.api.capabilities({ signal });
      if (publishTakesHubToken) return error;
      return new Error(
        `${hub.name} accepts the token, but the server's own modelscope package does not get it there: whoever runs the server has to mend that package.`,
        { cause: error },
      );
    }
  },
};
