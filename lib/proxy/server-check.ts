import { StudioError } from "@/lib/base/errors";
import type { StudioEnv } from "@/lib/config/env";
import { capabilitiesSchema, healthSchema, modelListSchema } from "@/lib/protocol/capabilities";
import { sentenceOfErrorBody } from "@/lib/protocol/error-bodies";
import type { Connection } from "./session";
import { readUpstream } from "./upstream";
import { authHeaders } from "./upstream-headers";

const SILENCE_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** What servers say of a call that they do not have. */
const ABSENT = [404, 405, 501];

/**
 * The names of a server's base models, after proving that it is a training server that takes the token. A server that tells
 * only its health is one too; its models are those of its list, if it has one.
 *
 * @throws {@link StudioError} `unreachable`, `timeout`, `not_a_training_server`, `unauthorized`, `forbidden`,
 * `upstream_failed`, each with one sentence about this server
 */
export async function modelsOfServer(
  connection: Connection,
  env: StudioEnv,
  { signal }: { signal: AbortSignal },
): Promise<string[]> {
  const ask = async (path: string) => {
    const call = {
      method: "GET",
      url: `${connection.serverUrl}/api/v1/${path}`,
      headers: { ...authHeaders(connection), accept: "application/json" },
      silenceMs: SILENCE_MS,
      publicOnly: env.allowedServers !== null,
      signal,
    };
    const { status, bytes } = await readUpstream(call, MAX_ANSWER_BYTES);
    return { status, text: bytes.toString("utf8") };
  };

  const health = await ask("healthz");
  // Some servers of this API have no healthz; what they can do decides.
  const hasHealth = !ABSENT.includes(health.status);
  if (hasHealth) refuseFailure(health, connection.serverUrl);
  const capabilities = await ask("get_server_capabilities");
  if (
    ABSENT.includes(capabilities.status) &&
    hasHealth &&
    healthSchema.safeParse(jsonOrNull(health.text)).success
  ) {
    const list = modelListSchema.safeParse(jsonOrNull((await ask("models")).text));
    return (list.data ?? []).map(({ name }) => name);
  }
  refuseFailure(capabilities, connection.serverUrl);
  const parsed = capabilitiesSchema.safeParse(jsonOrNull(capabilities.text));
  if (!parsed.success)
    throw notATrainingServer(connection.serverUrl, "its answer is of another kind");
  return parsed.data.models.map((model) => model.name);
}

function refuseFailure(
  { status, text }: { status: number; text: string },
  serverUrl: string,
): void {
  if (status >= 200 && status < 300) return;
  if (status === 401)
    throw new StudioError("unauthorized", `${serverUrl} does not take this token.`);
  if (status === 403) throw new StudioError("forbidden", `${serverUrl} refuses this token access.`);
  if (status >= 500) {
    throw new StudioError("upstream_failed", `${serverUrl} failed: ${sentenceOfErrorBody(text)}`, {
      retryable: true,
    });
  }
  if (status >= 300 && status < 400)
    throw notATrainingServer(serverUrl, "it redirects to another address");
  throw notATrainingServer(
    serverUrl,
    `it answers ${status} to ${serverUrl}/api/v1/get_server_capabilities`,
  );
}

function notATrainingServer(serverUrl: string, why: string): StudioError {
  return new StudioError(
    "not_a_training_server",
    `No training server answers at ${serverUrl}: ${why}.`,
    {
      details: { hint: "Check the port and the path of the address." },
    },
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
