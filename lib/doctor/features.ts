import type { RunRecord } from "@/lib/training/types";
import { PUBLISH, type RoutePresence } from "./probe-routes";
import type { DoctorReport, DoctorStep } from "./types";

/** What screens and commands may offer on a server; `features` in the message files has a name and a sentence for each. */
export const FEATURES = [
  "chat",
  "streaming",
  "sample_training",
  "greedy",
  "seed",
  "prompt_logprobs",
  "safe_resend",
  "load",
  "load_optimizer",
  "delete",
  "publish",
] as const;
export type Feature = (typeof FEATURES)[number];

/** What was learned of a server, and when (milliseconds since the epoch); what is missing is not known. Later findings are spread over earlier ones. */
export type ServerFeatures = Partial<Record<Feature, { has: boolean; learnedAt: number }>>;

/** What an examination found out. Plain data. */
export function featuresOfReport(report: DoctorReport): ServerFeatures {
  const { traits, startedAt } = report;
  const tried = {
    streaming: traits.streams,
    sample_training: traits.samplesTrainingCheckpoints,
    greedy: traits.greedyAtZero,
    seed: traits.seeds,
    prompt_logprobs: traits.promptLogprobs,
    safe_resend: traits.resend && traits.resend !== "runs_twice",
    load: stepHas(report, "load"),
    delete: stepHas(report, "delete"),
  };
  return { ...featuresOfRoutes(traits.routes, startedAt), ...learned(tried, startedAt) };
}

const IS_THERE = { there: true, absent: false, unknown: null } as const;

/** What the answers of {@link probeRoutes} say. */
export function featuresOfRoutes(
  routes: Record<string, RoutePresence>,
  learnedAt: number,
): ServerFeatures {
  const has = (route: string) => IS_THERE[routes[route] ?? "unknown"];
  const chat = has("POST chat/completions");
  return learned(
    {
      chat,
      streaming: chat === false ? false : null,
      load: has("POST load_weights"),
      publish: has(PUBLISH),
    },
    learnedAt,
  );
}

/** What this machine's own runs came to on the server. */
export function featuresOfRuns(records: readonly RunRecord[], serverId: string): ServerFeatures {
  const tries = records
    .filter((record) => record.serverId === serverId)
    .flatMap(({ config, step, optimizerRefusedAt, updatedAt }) =>
      optimizerRefusedAt !== undefined
        ? [{ has: false, learnedAt: optimizerRefusedAt }]
        : config.startFrom?.optimizer && step > 0
          ? [{ has: true, learnedAt: updatedAt }]
          : [],
    )
    .sort((a, b) => a.learnedAt - b.learnedAt);
  const last = tries.at(-1);
  return last ? { load_optimizer: last } : {};
}

/** Null for a step that was not tried or went wrong otherwise. */
function stepHas({ lines }: DoctorReport, step: DoctorStep): boolean | null {
  const line = lines.find((candidate) => candidate.step === step);
  if (line?.outcome === "absent" || line?.code === "delete_did_nothing") return false;
  return line?.outcome === "ok" ? true : null;
}

function learned(
  findings: Partial<Record<Feature, boolean | null>>,
  learnedAt: number,
): ServerFeatures {
  const known = Object.entries(findings).filter(([, has]) => has !== null);
  return Object.fromEntries(known.map(([feature, has]) => [feature, { has, learnedAt }]));
}
