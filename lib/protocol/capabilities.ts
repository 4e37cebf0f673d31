import * as z from "zod/mini";
import { informative } from "./informative";

export interface SupportedModel {
  name: string;
  /** Longest row in tokens, when the server says so. */
  maxContextLength: number | null;
  /** Number of weights, when the server says so (the local server does). */
  parameterCount: number | null;
}

export interface ServerCapabilities {
  models: SupportedModel[];
  /** The server publishes with the token of the call itself, so that it may differ from the owner's token. */
  publishTakesHubToken: boolean;
}

export interface LoraCapacity {
  maxLoras: number;
  usedLoras: number;
  freeLoras: number;
}

export const capabilitiesSchema = z.pipe(
  z.looseObject({
    supported_models: z.array(
      z.looseObject({
        model_name: informative(z.string()),
        max_context_length: informative(z.number()),
        parameter_count: informative(z.number()),
      }),
    ),
    publish_takes_hub_token: informative(z.boolean()),
  }),
  z.transform((wire): ServerCapabilities => ({
    models: wire.supported_models.flatMap((model) =>
      model.model_name
        ? [
            {
              name: model.model_name,
              maxContextLength: model.max_context_length,
              parameterCount: model.parameter_count,
            },
          ]
        : [],
    ),
    publishTakesHubToken: wire.publish_takes_hub_token ?? false,
  })),
);

export const capacitySchema = z.pipe(
  z.looseObject({ max_loras: z.number(), used_loras: z.number(), free_loras: z.number() }),
  z.transform((wire): LoraCapacity => ({
    maxLoras: wire.max_loras,
    usedLoras: wire.used_loras,
    freeLoras: wire.free_loras,
  })),
);
