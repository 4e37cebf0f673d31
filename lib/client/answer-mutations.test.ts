import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { awaitFuture } from "./futures";
import { parseAnswer } from "./transport";
import { StudioError } from "@/lib/base/errors";
import { createFastClock } from "@/lib/testing/fast-clock";
import { capabilitiesSchema, capacitySchema } from "@/lib/protocol/capabilities";
import { chatChunkSchema, chatCompletionAnswer } from "@/lib/protocol/chat";
import {
  checkpointsAnswer,
  trainingRunAnswer,
  trainingRunsAnswer,
  weightsInfoAnswer,
} from "@/lib/protocol/checkpoints";
import { futureAnswer } from "@/lib/protocol/futures";
import { localModelsAnswer } from "@/lib/protocol/local-models";
import { sampleResult } from "@/lib/protocol/sampling";
import { createSamplingSessionAnswer, createSessionAnswer } from "@/lib/protocol/sessions";
import { createModelResult, forwardResult, optimStepResult } from "@/lib/protocol/training";
import { loadWeightsResult, saveWeightsResult } from "@/lib/protocol/weights";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const text = z.nullable(z.string());
const count = z.nullable(z.number());
const run = z.strictObject({
  id: z.string(),
  baseModel: text,
  loraRank: count,
  corrupted: z.boolean(),
  lastRequestTime: text,
  userMetadata: z.record(z.string(), z.unknown()),
});
const checkpoint = z.strictObject({
  id: z.string().check(z.regex(/\//)),
  kind: z.enum(["training", "sampler"]),
  name: z.string(),
  path: z.string(),
  sizeBytes: count,
  time: text,
  isPublic: z.boolean(),
});
const metrics = z.record(z.string(), z.number());
const RUN: Json = {
  training_run_id: "r",
  base_model: "m",
  model_owner: "o",
  is_lora: true,
  lora_rank: 8,
  corrupted: false,
  last_request_time: "2026-11-23T16:55:08.156580",
  user_metadata: { studio: { name: "a" } },
};
const MODELS: Json = {
  served: [{ name: "m", state: "ready" }],
  refused: [{ name: "n", reason: "why" }],
  download: { model: "m", host: "h", done_bytes: 1, total_bytes: null, failure: null },
  suggested: ["m"],
};
const CHOICE: Json = { index: 0, finish_reason: "stop" };

/** Every answer: its schema, one that is right, and what the rest of the studio relies on. */
const ANSWERS: [string, z.ZodMiniType, Json, z.ZodMiniType][] = [
  ["session", createSessionAnswer, { session_id: "s" }, z.object({ sessionId: z.string() })],
  [
    "future",
    futureAnswer,
    { request_id: "q", model_id: null },
    z.object({ requestId: z.string(), modelId: text }),
  ],
  [
    "capabilities",
    capabilitiesSchema,
    { supported_models: [{ model_name: "m", max_context_length: 5, parameter_count: 9 }] },
    z.object({
      models: z.array(
        z.object({ name: z.string(), maxContextLength: count, parameterCount: count }),
      ),
      publishTakesHubToken: z.boolean(),
    }),
  ],
  [
    "capacity",
    capacitySchema,
    { max_loras: 4, used_loras: 1, free_loras: 3 },
    z.object({ maxLoras: z.number(), usedLoras: z.number(), freeLoras: z.number() }),
  ],
  ["model", createModelResult, { model_id: "m" }, z.object({ modelId: z.string() })],
  [
    "forward",
    forwardResult,
    {
      loss_fn_outputs: [{ logprobs: { data: [-1, null], dtype: "float32", shape: [2] } }],
      metrics: { "loss:avg": 1 },
    },
    z.object({
      logprobs: z.array(z.nullable(z.instanceof(Float32Array))),
      metrics,
    }),
  ],
  ["optim_step", optimStepResult, { metrics: { loss: 1, iters: 1 } }, z.object({ metrics })],
  ["save", saveWeightsResult, { path: "twinkle://r/weights/a" }, z.object({ path: z.string() })],
  ["load", loadWeightsResult, { path: "twinkle://r/weights/a" }, z.looseObject({ path: text })],
  [
    "weights_info",
    weightsInfoAnswer,
    { base_model: "m", lora_rank: 8, is_lora: true },
    z.object({ baseModel: text, loraRank: count }),
  ],
  ["run", trainingRunAnswer, RUN, run],
  [
    "runs",
    trainingRunsAnswer,
    { training_runs: [RUN], cursor: { offset: 0, limit: 20, total_count: 1 } },
    z.object({ runs: z.array(run), totalCount: count }),
  ],
  [
    "checkpoints",
    checkpointsAnswer,
    {
      checkpoints: [
        {
          checkpoint_id: "weights/a",
          checkpoint_type: "training",
          time: "2026-11-23",
          tinker_path: "twinkle://r/weights/a",
          size_bytes: 1,
          public: false,
        },
      ],
    },
    z.array(checkpoint),
  ],
  [
    "sampling session",
    createSamplingSessionAnswer,
    { sampling_session_id: "s" },
    z.object({ samplingSessionId: z.string() }),
  ],
  [
    "sample",
    sampleResult,
    {
      sequences: [{ stop_reason: "length", tokens: [1, 2], logprobs: [-1, null] }],
      prompt_logprobs: [null, -1],
    },
    z.object({
      sequences: z.array(
        z.object({
          tokens: z.array(z.number()),
          logprobs: z.nullable(z.array(count)),
          stopReason: z.enum(["stop", "length"]),
        }),
      ),
      promptLogprobs: z.nullable(z.array(count)),
    }),
  ],
  ["local models", localModelsAnswer, MODELS, z.looseObject({ served: z.array(z.unknown()) })],
  [
    "chunk",
    chatChunkSchema,
    { choices: [{ ...CHOICE, delta: { content: "a" } }] },
    z.looseObject({}),
  ],
  [
    "completion",
    chatCompletionAnswer,
    { choices: [{ ...CHOICE, message: { content: "a" } }] },
    z.looseObject({}),
  ],
];

/** One place of a value changed: replaced, taken away, doubled, or given a key that nobody knows. */
function mutated(value: Json): fc.Arbitrary<Json> {
  const here = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<Json>,
    fc.constantFrom<Json>(null, [], {}, "", "NaN", -1, 1e300, [null], { error: "no" }),
  );
  if (Array.isArray(value)) {
    const places = value.flatMap((_, at) => [
      mutated(value[at] ?? null).map((changed) => value.with(at, changed)),
      fc.constant(value.toSpliced(at, 1)),
      fc.constant(value.toSpliced(at, 0, value[at] ?? null)),
    ]);
    return fc.oneof(here, ...places);
  }
  if (typeof value !== "object" || value === null) return here;
  const places = Object.entries(value).flatMap(([key, inner]) => [
    mutated(inner).map((changed) => ({ ...value, [key]: changed })),
    fc.constant(Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))),
  ]);
  const added = fc
    .tuple(fc.string(), fc.jsonValue())
    .map(([key, extra]) => ({ [key]: extra as Json, ...value }));
  return fc.oneof(here, added, ...places);
}

describe("any change of a right answer gives a right result or a typed error that names the place", () => {
  test.each(ANSWERS)("%s", (_, schema, right, expected) => {
    expect(expected.safeParse(parsedAs(schema, JSON.stringify(right))).error).toBeUndefined();
    const changed = fc.oneof(mutated(right), mutated(right).chain(mutated));
    fc.assert(
      fc.property(changed, (answer) => {
        const result = parsedAs(schema, JSON.stringify(answer));
        if (result instanceof StudioError) {
          expect(result.code).toBe("unusable_answer");
          expect(result.message).toMatch(/^call: (\S.*: )?\S+/);
        } else expect(expected.safeParse(result).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each(ANSWERS)("%s, cut anywhere", (_, schema, right) => {
    const whole = JSON.stringify(right);
    for (let length = 1; length < whole.length; length++) {
      expect(parsedAs(schema, whole.slice(0, length))).toBeInstanceOf(StudioError);
    }
  });
});

describe("a future whose answer was changed is settled or fails with a typed error, never pending for ever", () => {
  const RESULTS = ANSWERS.filter(([name]) =>
    ["model", "forward", "optim_step", "save", "load", "sample"].includes(name),
  );
  test.each(RESULTS)("%s", async (_, schema, right, expected) => {
    await fc.assert(
      fc.asyncProperty(mutated(right), async (answer) => {
        const result = await awaitFuture(
          { retrieveFuture: () => Promise.resolve(answer) },
          "q",
          schema,
          { clock: createFastClock({ speed: 1e6 }), signal: new AbortController().signal },
        ).catch((error: unknown) => error);
        if (!(result instanceof StudioError))
          expect(expected.safeParse(result).error).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});

function parsedAs(answer: z.ZodMiniType, body: string): unknown {
  try {
    return parseAnswer({ path: "call", answer }, body);
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
}
