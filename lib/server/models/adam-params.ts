import type { z } from "zod";

import type { adamParamsSchema } from "@/lib/protocol/training";

import type { AdamParams } from "../engine/types";
import { refusal } from "../http/errors";

type AdamField = "learning_rate" | "beta1" | "beta2" | "eps" | "weight_decay" | "grad_clip_norm";

/** @throws WireError 400 that names the field and its bounds */
export function readAdamParams(wire: z.output<typeof adamParamsSchema>): AdamParams {
  const read = (
    field: AdamField,
    isAllowed: (value: number) => boolean,
    bounds: string,
  ): number => {
    const value = wire[field];
    if (Number.isFinite(value) && isAllowed(value)) return value;
    throw refusal(400, `adam_params.${field} is ${value}; use ${bounds}.`);
  };
  const notNegative = (value: number) => value >= 0;
  return {
    learningRate: read("learning_rate", notNegative, "a number of at least 0"),
    beta1: read("beta1", (value) => value >= 0 && value < 1, "a number from 0 to below 1"),
    beta2: read("beta2", (value) => value >= 0 && value < 1, "a number from 0 to below 1"),
    eps: read("eps", (value) => value > 0, "a number above 0"),
    weightDecay: read("weight_decay", notNegative, "a number of at least 0"),
    gradClipNorm: read(
      "grad_clip_norm",
      notNegative,
      "a number of at least 0, where 0 means no clipping",
    ),
  };
}
