import { formatBytes } from "@/lib/base/format";
import { allTrainingRuns } from "@/lib/client/training-runs";
import { parseCheckpointPath } from "../checkpoint-path";
import { UsageError, type Command } from "../command";
import { readCall } from "../connection";
import { requireFeature } from "../known-servers";

/** The runs of the token's owner. */
export const runs: Command = {
  usage: [["runs", "lists the server's training runs"]],
  run: async (args, context) => {
    const { positionals, connection } = readCall(args, context, {});
    if (positionals.length > 0) throw new UsageError("runs takes no arguments.");
    const value = await allTrainingRuns(connection.api, { signal: context.signal });
    const text = value.map(
      ({ id, baseModel, loraRank }) => `${id}  ${baseModel ?? ""}  rank ${loraRank ?? "?"}`,
    );
    return { value, text: text.join("\n") || "No runs." };
  },
};

/** Checkpoints of one run, or of all. */
export const checkpoints: Command = {
  usage: [["checkpoints [RUN]", "lists checkpoints with their paths"]],
  run: async (args, context) => {
    const { positionals, connection } = readCall(args, context, {});
    if (positionals.length > 1) throw new UsageError("checkpoints takes one RUN.");
    const options = { signal: context.signal };
    const ids =
      positionals.length > 0
        ? positionals
        : (await allTrainingRuns(connection.api, options)).map(({ id }) => id);
    const value = [];
    for (const run of ids)
      for (const checkpoint of await connection.api.checkpoints(run, options))
        value.push({ run, ...checkpoint });
    const text = value.map(
      ({ path, kind, sizeBytes }) =>
        `${path}  ${kind}${sizeBytes === null ? "" : `  ${formatBytes(sizeBytes)}`}`,
    );
    return { value, text: text.join("\n") || "No checkpoints." };
  },
};

/** Deletes what is named, one after the other; stops at the first that fails, and says which were deleted. */
export const remove: Command = {
  usage: [["delete PATH...", "deletes checkpoints for good"]],
  run: async (args, context) => {
    const { positionals, connection } = readCall(args, context, {});
    if (positionals.length === 0) throw new UsageError("delete needs the path of a checkpoint.");
    const targets = positionals.map(parseCheckpointPath);
    await requireFeature("delete", context, connection);
    const deleted: string[] = [];
    for (const { path, run, id } of targets) {
      try {
        await connection.api.deleteCheckpoint(run, id, { signal: context.signal });
      } catch (cause) {
        const before = deleted.length > 0 ? ` Deleted before: ${deleted.join(", ")}.` : "";
        const sentence = (cause as Error).message.replace(/[.]?$/, ".");
        throw new Error(`${path}: ${sentence}${before}`, { cause });
      }
      deleted.push(path);
    }
    return { value: { deleted }, text: deleted.map((path) => `${path} deleted`).join("\n") };
  },
};
