import { randomUUID } from "node:crypto";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { createTrainingApi, type TrainingApi } from "@/lib/client/training-api";
import { createTransport, type Transport } from "@/lib/client/transport";
import { normalizeServerUrl } from "@/lib/config/server-address";
import { UsageError, type CommandContext } from "./command";

const LOCAL_SERVER = "http://127.0.0.1:8000";

/** The flags of every command that talks to a training server. */
export const CONNECTION_USAGE = "[--server URL] [--token T]";

export interface Connection {
  api: TrainingApi;
  transport: Transport;
  serverUrl: string;
  /** Of every call: they hold the token. */
  headers: Record<string, string>;
  token: string;
}

/**
 * Positional arguments, the command's own flags, and the server of `--server` and `--token`, else of TWINKLE_SERVER and
 * TWINKLE_TOKEN, else the local one.
 *
 * @throws UsageError for a flag that does not exist and for an address that is none
 */
export function readCall<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  { env }: CommandContext,
  own: Options,
) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...own, server: { type: "string" }, token: { type: "string" } },
    });
    const given = values as { server?: string; token?: string };
    const address = given.server ?? env["TWINKLE_SERVER"] ?? LOCAL_SERVER;
    const token = given.token ?? env["TWINKLE_TOKEN"] ?? "";
    return { positionals, values, connection: connect(normalizeServerUrl(address), token) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function connect(serverUrl: string, token: string): Connection {
  const requestId = randomUUID().replaceAll("-", "");
  const bearer = `Bearer ${token || "EMPTY_TOKEN"}`;
  const headers = {
    authorization: bearer,
    "twinkle-authorization": bearer,
    "x-request-id": requestId,
    "serve-multiplexed-model-id": requestId,
  };
  const transport = createTransport({ baseUrl: `${serverUrl}/api/v1`, fetch, headers });
  return { api: createTrainingApi(transport), transport, serverUrl, headers, token };
}
