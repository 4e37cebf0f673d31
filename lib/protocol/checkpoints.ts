import * as z from "zod/mini";
import { informative } from "./informative";

/** In the `user_metadata` of runs that Doctor made: servers keep an empty run in their list, which no call removes. */
export const DOCTOR_MARK = "studio_doctor";

export type CheckpointKind = "training" | "sampler";

export const weightsInfoRequest = z.looseObject({ tinker_path: z.string() });
export const weightsInfoAnswer = z.pipe(
  z.looseObject({
    base_model: informative(z.string()),
    lora_rank: informative(z.number()),
    is_lora: informative(z.boolean()),
  }),
  z.transform((wire) => ({ baseModel: wire.base_model, loraRank: wire.lora_rank })),
);
export type WeightsInfo = z.output<typeof weightsInfoAnswer>;

export interface TrainingRun {
  id: string;
  baseModel: string | null;
  loraRank: number | null;
  corrupted: boolean;
  /** As sent; Twinkle's has no zone (the server's local time). */
  lastRequestTime: string | null;
  userMetadata: Record<string, unknown>;
}

export interface Checkpoint {
  /** `weights/NAME` or `sampler_weights/NAME`: always with a slash, also where the server lists bare names. */
  id: string;
  kind: CheckpointKind;
  name: string;
  /** `twinkle://...` or `tinker://...`; opaque. */
  path: string;
  sizeBytes: number | null;
  time: string | null;
  isPublic: boolean;
}

const runSchema = z.pipe(
  z.looseObject({
    training_run_id: z.string(),
    base_model: informative(z.string()),
    lora_rank: informative(z.number()),
    corrupted: informative(z.boolean()),
    last_request_time: informative(z.string()),
    user_metadata: informative(z.record(z.string(), z.unknown())),
  }),
  z.transform((wire): TrainingRun => ({
    id: wire.training_run_id,
    baseModel: wire.base_model,
    loraRank: wire.lora_rank,
    corrupted: wire.corrupted ?? false,
    lastRequestTime: wire.last_request_time,
    userMetadata: wire.user_metadata ?? {},
  })),
);

export const trainingRunAnswer = runSchema;
export const trainingRunsAnswer = z.pipe(
  z.looseObject({
    training_runs: z.array(runSchema),
    cursor: informative(z.looseObject({ total_count: informative(z.number()) })),
  }),
  z.transform((wire) => ({
    runs: wire.training_runs,
    totalCount: wire.cursor?.total_count ?? null,
  })),
);
export type TrainingRunsPage = z.output<typeof trainingRunsAnswer>;

const checkpointSchema = z.pipe(
  z.looseObject({
    checkpoint_id: z.string(),
    checkpoint_type: informative(z.string()),
    time: informative(z.string()),
    tinker_path: z.string(),
    size_bytes: informative(z.number()),
    public: informative(z.boolean()),
  }),
  z.transform((wire): Checkpoint => {
    const kind: CheckpointKind =
      wire.checkpoint_type === "sampler" || wire.checkpoint_id.startsWith("sampler_weights/")
        ? "sampler"
        : "training";
    const name = wire.checkpoint_id.split("/").at(-1) ?? wire.checkpoint_id;
    return {
      id: wire.checkpoint_id.includes("/")
        ? wire.checkpoint_id
        : `${kind === "sampler" ? "sampler_weights" : "weights"}/${name}`,
      kind,
      name,
      path: wire.tinker_path,
      sizeBytes: wire.size_bytes,
      time: wire.time,
      isPublic: wire.public ?? false,
    };
  }),
);

/** Checkpoints of one run, each id once: Twinkle lists sampler checkpoints twice. */
export const checkpointsAnswer = z.pipe(
  z.looseObject({ checkpoints: z.array(checkpointSchema) }),
  z.transform((wire) => [
    ...new Map(wire.checkpoints.map((checkpoint) => [checkpoint.id, checkpoint])).values(),
  ]),
);
