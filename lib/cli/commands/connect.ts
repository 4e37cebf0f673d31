import { normalizeServerUrl } from "@/lib/config/server-address";
import { UsageError, type Command } from "../command";
import { connect as connectTo, tokenOf } from "../connection";
import { parseFlags } from "../flags";
import { forgetConnection, readSavedConnection, saveConnection } from "../saved-connection";
import { offeredModels, requireTrainingServer } from "../server-facts";

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
    await requireTrainingServer(api, { signal });
    const names = (await offeredModels(api, { signal })).map(({ name }) => name);
    saveConnection(dataDir, { serverUrl, token });
    const offers =
      names.length > 0
        ? `It offers ${names.join(", ")}.`
        : "It lists no model; name one with --base.";
    return {
      value: { serverUrl, models: names },
      text: `${serverUrl} is kept for the other commands. ${offers}`,
    };
  },
};

function readArguments(args: readonly string[]) {
  const { positionals, values } = parseFlags(args, {
    token: { type: "string" },
    forget: { type: "boolean", default: false },
  });
  const [address, ...rest] = positionals;
  if (rest.length > 0 || (values.forget && address !== undefined))
    throw new UsageError("connect takes one address.");
  return { address, token: tokenOf(values.token) ?? "", forget: values.forget };
}

function addressOf(text: string): string {
  try {
    return normalizeServerUrl(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
