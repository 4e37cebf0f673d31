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

const modelSchema = z.looseObject({
  model_name: informative(z.string()),
  max_context_length: informative(z.number()),
  parameter_count: informative(z.number()),
});

/** Models by name alone, or with what is known of each. */
export const capabilitiesSchema = z.pipe(
  z.looseObject({
    supported_models: z.nullable(z.array(z.union([modelSchema, z.string()]))),
    publish_takes_hub_token: informative(z.boolean()),
  }),
  z.transform((wire): ServerCapabilities => ({
    models: (wire.supported_models ?? []).flatMap((model): SupportedModel[] => {
      if (typeof model === "string") return [ofName(model)];
      const { model_name: name, max_context_length, parameter_count } = model;
      return name
        ? [{ name, maxContextLength: max_context_length, parameterCount: parameter_count }]
        : [];
    }),
    publishTakesHubToken: wire.publish_takes_hub_token ?? false,
  })),
);

/** The list of models in OpenAI's form, which tells names alone. */
export const modelListSchema = z.pipe(
  z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) }),
  z.transform((wire) => wire.data.map(({ id }) => ofName(id))),
);

function ofName(name: string): SupportedModel {
  return { name, maxContextLength: null, parameterCount: null };
}

/** What a server says of its health; in words of its own. */
export const healthSchema = z.record(z.string(), z.unknown());

export const capacitySchema = z.pipe(
  z.looseObject({ max_loras: z.number(), used_loras: z.number(), free_loras: z.number() }),
  z.transform((wire): LoraCapacity => ({
    maxLoras: wire.max_loras,
    usedLoras: wire.used_loras,
    freeLoras: wire.free_loras,
  })),
);
