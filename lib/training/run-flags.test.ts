import fc from "fast-check";
import { expect, test } from "vitest";
import { aConfig } from "@/lib/testing/run-builders";
import { configOf, flagsOf, RUN_FLAGS } from "./run-flags";
import type { RunConfig } from "./types";

const LIMITS = { maxPositions: null };
const DEFAULTS = aConfig();

const anyConfig = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9_'" $-]{0,20}[a-z]$/).map((name) => name.trim()),
  loraRank: fc.integer({ min: 1, max: 512 }),
  epochs: fc.integer({ min: 1, max: 1000 }),
  batchSize: fc.integer({ min: 1, max: 1024 }),
  learningRate: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  schedule: fc.constantFrom("constant", "linear", "cosine"),
  warmupSteps: fc.nat(1000),
  maxLength: fc.integer({ min: 2, max: 4096 }),
  overLength: fc.constantFrom("drop", "cut_start"),
  validationShare: fc.nat(5000).map((share) => share / 100 / 100),
  seed: fc.nat(2 ** 31 - 1),
  saveEvery: fc.oneof(
    fc.constant({ unit: "epoch" as const }),
    fc.record({ unit: fc.constant("steps" as const), steps: fc.integer({ min: 1, max: 99 }) }),
  ),
  weightDecay: fc.double({ min: 0, max: 1, noNaN: true }),
  gradClipNorm: fc.double({ min: 0, max: 1000, noNaN: true }),
  submitAhead: fc.nat(8),
}) as fc.Arbitrary<Partial<RunConfig>>;

test("the flags of a config make the same config, over any defaults or none", () => {
  fc.assert(
    fc.property(anyConfig, anyConfig, (fields, others) => {
      const config = aConfig(fields);
      const defaults = aConfig(others);
      expect(configOf(flagsOf(config, defaults), defaults, LIMITS)).toEqual(config);
      expect(configOf(flagsOf(config, null), defaults, LIMITS)).toEqual(config);
    }),
  );
});

test("only what differs from the defaults is a flag", () => {
  expect(flagsOf(DEFAULTS, DEFAULTS)).toEqual({});
  expect(flagsOf(aConfig({ epochs: 9 }), DEFAULTS)).toEqual({ epochs: "9" });
  expect(Object.keys(flagsOf(DEFAULTS, null))).toEqual(RUN_FLAGS);
});

test("a wrong value is refused with the flag and what it takes", () => {
  const refusal = (flags: Parameters<typeof configOf>[0]) => () =>
    configOf(flags, DEFAULTS, { maxPositions: 512 });
  expect(refusal({ epochs: "2.5" })).toThrow('--epochs must be a whole number, not "2.5".');
  expect(refusal({ "save-every": "never" })).toThrow("--save-every must be a number");
  expect(refusal({ schedule: "wild" })).toThrow(
    '--schedule must be one of constant, linear, cosine, not "wild".',
  );
  expect(refusal({ "max-length": "1024" })).toThrow("--max-length must be at most 512");
});
