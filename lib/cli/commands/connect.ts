import { parseArgs } from "node:util";
import { StudioError } from "@/lib/base/errors";
import { normalizeServerUrl } from "@/lib/config/server-address";
import { UsageError, type Command } from "../command";
import { connect as connectTo, tokenOf } from "../connection";
import { forgetConnection, readSavedConnection, saveConnection } from "../saved-connection";

/** The server that other commands talk to when they are told no other. */
export const connect: Command = {
  usage: [
    [
      "connect URL [--token T|-]",
      "checks a server and keeps it, with its token, for the other commands; - reads the token from stdin",
    ],
    ["connect", "says which server is kept"],
    ["connect --forget", "forgets it"],
  ],
  run: async (args, context) => {
    const { address, token, forget } = readArguments(args);
    const { dataDir, signal } = context;
    if (forget) {
      forgetConnection(dataDir);
      return { value: { serverUrl: null }, text: "No server is kept any more." };
    }
    if (address === undefined) {
      const serverUrl = readSavedConnection(dataDir)?.serverUrl ?? null;
      return { value: { serverUrl }, text: serverUrl ?? "No server is kept." };
    }
    const serverUrl = addressOf(address);
    const { api } = connectTo(serverUrl, token);
    const { models } = await api.capabilities({ signal }).catch(refuseOthers);
    saveConnection(dataDir, { serverUrl, token });
    const names = models.map(({ name }) => name);
    return {
      value: { serverUrl, models: names },
      text: `${serverUrl} is kept for the other commands. It offers ${names.join(", ") || "no model"}.`,
    };
  },
};

function readArguments(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { token: { type: "string" }, forget: { type: "boolean", default: false } },
    });
    const [address, ...rest] = positionals;
    if (rest.length > 0 || (values.forget && address !== undefined))
      throw new UsageError("connect takes one address.");
    return { address, token: tokenOf(values.token) ?? "", forget: values.forget };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What answers there knows no such call, or answers it with something else. */
function refuseOthers(cause: unknown): never {
  const isOther =
    cause instanceof StudioError && ["not_found", "unusable_answer"].includes(cause.code);
  if (isOther) throw new StudioError("not_a_training_server", cause.message, { cause });
  throw cause;
}

function addressOf(text: string): string {
  try {
    return normalizeServerUrl(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
