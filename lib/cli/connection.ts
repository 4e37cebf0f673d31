import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { createTrainingApi, type TrainingApi } from "@/lib/client/training-api";
import { createTransport, type Transport } from "@/lib/client/transport";
import { normalizeServerUrl } from "@/lib/config/server-address";
import { UsageError, type CommandContext } from "./command";
import { parseFlags, type FlagOptions } from "./flags";
import { readSavedConnection } from "./saved-connection";

const LOCAL_SERVER = "http://127.0.0.1:8000";
/** Not `process.stdin.fd`: asking for that makes a pipe answer EAGAIN until the writer has written. */
export const STDIN = 0;

export interface Connection {
  api: TrainingApi;
  transport: Transport;
  serverUrl: string;
  /** Of every call: they hold the token. */
  headers: Record<string, string>;
  token: string;
}

/**
 * Positional arguments, the command's own flags, and the server: of `--server` and `--token` (`-` reads stdin), else of
 * TWINKLE_SERVER and TWINKLE_TOKEN, else the one that `connect` saved, else the local one, which is not `isNamed`. A token
 * that was given with a server goes to no other one.
 *
 * @throws UsageError for a flag that does not exist and for an address that is none
 */
export function readCall<Options extends FlagOptions>(
  args: readonly string[],
  { env, dataDir }: CommandContext,
  own: Options,
) {
  const { positionals, values } = parseFlags(args, {
    ...own,
    server: { type: "string" },
    token: { type: "string" },
  });
  try {
    const given = values as { server?: string; token?: string };
    const places: { serverUrl?: string | undefined; token?: string | undefined }[] = [
      { serverUrl: given.server, token: tokenOf(given.token) },
      { serverUrl: env["TWINKLE_SERVER"], token: env["TWINKLE_TOKEN"] },
      readSavedConnection(dataDir) ?? {},
    ];
    const address = places.find((place) => place.serverUrl)?.serverUrl;
    const serverUrl = normalizeServerUrl(address ?? LOCAL_SERVER);
    const isForIt = (own: string | undefined) => !own || normalizeServerUrl(own) === serverUrl;
    const token = places.find((place) => place.token && isForIt(place.serverUrl))?.token ?? "";
    const isNamed = address !== undefined;
    return { positionals, values, connection: connect(serverUrl, token), isNamed };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The token that a flag says: `-` keeps it out of the shell's history. */
export function tokenOf(flag: string | undefined): string | undefined {
  return flag === "-" ? fs.readFileSync(STDIN, "utf8").trim() : flag;
}

/**
 * @param token - empty for a server that asks for none
 * @param authorization - of another token that is given beside it: publishing takes one of the hub
 */
export function connect(serverUrl: string, token: string, authorization = token): Connection {
  const requestId = randomUUID().replaceAll("-", "");
  const bearer = `Bearer ${token || "EMPTY_TOKEN"}`;
  const headers = {
    authorization: `Bearer ${authorization || "EMPTY_TOKEN"}`,
    "twinkle-authorization": bearer,
    "x-request-id": requestId,
    "serve-multiplexed-model-id": requestId,
  };
  const transport = createTransport({ baseUrl: `${serverUrl}/api/v1`, fetch, headers });
  return { api: createTrainingApi(transport), transport, serverUrl, headers, token };
}
