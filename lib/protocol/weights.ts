import * as z from "zod/mini";
import { informative } from "./informative";

/* Saving and loading the weights of a model. */

export const saveWeightsRequest = z.looseObject({
  model_id: z.string(),
  path: z.nullish(z.string()),
  seq_id: z.nullish(z.number()),
  type: z.optional(z.string()),
});
export type SaveWeightsRequest = z.input<typeof saveWeightsRequest>;
const NO_PATH =
  "the server has saved, but does not say where; the weights may stand in its list of checkpoints";
export const saveWeightsResult = z.pipe(
  z.looseObject({ path: z.string({ error: NO_PATH }) }),
  z.transform((wire) => ({ path: wire.path })),
);

export const saveForSamplerRequest = z.extend(saveWeightsRequest, {
  sampling_session_seq_id: z.nullish(z.number()),
});

export const loadWeightsRequest = z.looseObject({
  model_id: z.string(),
  path: z.string(),
  optimizer: z.boolean(),
  seq_id: z.nullish(z.number()),
  type: z.optional(z.string()),
});
export type LoadWeightsRequest = z.input<typeof loadWeightsRequest>;
export const loadWeightsResult = z.looseObject({ path: informative(z.string()) });
