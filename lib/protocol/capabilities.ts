import { z } from "zod";

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

export const capabilitiesSchema = z
  .looseObject({
    supported_models: z.array(
      z.looseObject({
        model_name: z.string().nullish(),
        max_context_length: z.number().nullish(),
        parameter_count: z.number().nullish(),
      }),
    ),
    publish_takes_hub_token: z.boolean().nullish(),
  })
  .transform((wire): ServerCapabilities => ({
    models: wire.supported_models.flatMap((model) =>
      model.model_name
        ? [
            {
              name: model.model_name,
              maxContextLength: model.max_context_length ?? null,
              parameterCount: model.parameter_count ?? null,
            },
          ]
        : [],
    ),
    publishTakesHubToken: wire.publish_takes_hub_token ?? false,
  }));

export const capacitySchema = z
  .looseObject({ max_loras: z.number(), used_loras: z.number(), free_loras: z.number() })
  .transform((wire): LoraCapacity => ({
    maxLoras: wire.max_loras,
    usedLoras: wire.used_loras,
    freeLoras: wire.free_loras,
  }));
