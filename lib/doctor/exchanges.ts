import * as z from "zod/mini";
import type { Clock } from "@/lib/base/clock";
import { toErrorReport, WireError } from "@/lib/base/errors";
import {
  unusableAnswer,
  type Call,
  type CallOptions,
  type Transport,
} from "@/lib/client/transport";
import type { Exchange } from "./types";

const LONGEST_BODY = 600;
const SECRET_KEY = /^(model_owner|token|api_?key|authorization|password|secret)$/i;

/** What a call brought: the answer as it came, or the error. */
export interface Heard {
  path: string;
  ms: number;
  answer?: unknown;
  error?: unknown;
}

export interface RecorderOptions {
  clock: Clock;
  /** Texts that must not be seen in a report: the token. */
  secrets: readonly string[];
  onExchange: (exchange: Exchange, heard: Heard) => void;
}

/** A transport that tells what was sent and what came of it. */
export function recordingTransport(
  transport: Transport,
  { clock, secrets, onExchange }: RecorderOptions,
): Transport {
  async function recorded<Result>(
    { method, path, body }: Omit<Call<unknown>, "answer">,
    run: () => Promise<Result>,
    answerOf: (result: Result) => unknown,
  ): Promise<Result> {
    const startedAt = clock.now();
    const tell = (status: number | null, got: string, heard: Partial<Heard>) => {
      const ms = clock.now() - startedAt;
      const sent = body === undefined ? null : redacted(body, secrets);
      onExchange({ method, path, sent, status, got, ms }, { path, ms, ...heard });
    };
    try {
      const result = await run();
      tell(null, redacted(answerOf(result), secrets), { answer: answerOf(result) });
      return result;
    } catch (error) {
      const status = error instanceof WireError ? error.status : null;
      const { code, message } = toErrorReport(error);
      tell(status, redacted(`${code}: ${message}`, secrets), { error });
      throw error;
    }
  }

  return {
    call: async <Result>(call: Call<Result>, options: CallOptions): Promise<Result> => {
      const heard = await recorded(
        call,
        () => transport.call({ ...call, answer: z.unknown() }, options),
        (answer) => answer,
      );
      const parsed = call.answer.safeParse(heard);
      if (parsed.success) return parsed.data;
      throw unusableAnswer(call.path.split("?")[0] ?? "", parsed.error);
    },
    stream: (call, options) =>
      recorded(
        call,
        () => transport.stream(call, options),
        (response) => response.headers.get("content-type"),
      ),
  };
}

/** A value as JSON without secrets, cut to a readable length. */
export function redacted(value: unknown, secrets: readonly string[]): string {
  const json =
    typeof value === "string"
      ? value
      : (JSON.stringify(value, (key, inner: unknown) =>
          SECRET_KEY.test(key) && typeof inner === "string" ? "[redacted]" : inner,
        ) ?? "not JSON");
  const text = secrets
    .filter((secret) => secret !== "")
    .reduce((left, secret) => left.replaceAll(secret, "[redacted]"), json);
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}… (${text.length})` : text;
}
