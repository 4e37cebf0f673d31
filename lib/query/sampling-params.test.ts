import { expect, test } from "vitest";
import type { AnswerSettings } from "@/lib/storage/conversation";
import { samplingParams, stopsOf } from "@/lib/client/sample-answers";
import { chatRequest, ignoredSettings } from "./sampling-params";

const SETTINGS: AnswerSettings = {
  ...{ system: "", temperature: 0.7, topP: 0.9, topK: null, maxTokens: 64 },
  ...{ stop: ["###"], seed: null, count: 1 },
};
const MODEL = { baseModel: "m", path: "twinkle://r/weights/a", runName: "r", checkpointName: "a" };

test("greedy sampling never sends the 0 that a server turns into 1", () => {
  const params = samplingParams({ ...SETTINGS, temperature: 0, topK: 50 }, []);
  expect(params).toEqual({ max_tokens: 64, temperature: 1e-6, top_p: 0.9, top_k: 1 });
});

test("what is not set is not sent, and no top-k is -1", () => {
  expect(samplingParams(SETTINGS, ["###"])).toEqual({
    ...{ max_tokens: 64, temperature: 0.7, top_p: 0.9, top_k: -1, stop: ["###"] },
  });
});

test("an answer is stopped by the reader's strings and by the model's, each once, in either call", () => {
  const prompt = { mode: "chat", messages: [{ role: "user", content: "hi" }] } as const;
  const question = {
    ...{ serverId: "http://a", model: MODEL, settings: { ...SETTINGS, temperature: 0, seed: 7 } },
    prompt: { ...prompt, messages: [...prompt.messages] },
  };
  const stop = stopsOf(SETTINGS, ["<end>", "###"]);
  expect(samplingParams(SETTINGS, stop)).toMatchObject({ stop: ["###", "<end>"] });
  expect(chatRequest(question, ["<end>", "###"])).toEqual({
    ...{ model: "m", messages: prompt.messages, max_tokens: 64, temperature: 0, top_p: 0.9 },
    ...{ seed: 7, stop: ["###", "<end>"], adapter_uri: "twinkle://r/weights/a" },
  });
});

test("settings without effect are named with the reason", () => {
  const chat = { isTwinkle: true, isChat: true, seed: undefined };
  expect(ignoredSettings(SETTINGS, chat)).toEqual({ topK: "server" });
  expect(ignoredSettings(SETTINGS, { ...chat, isTwinkle: false })).toEqual({});
  expect(ignoredSettings({ ...SETTINGS, temperature: 0 }, chat)).toMatchObject({ seed: "greedy" });
});

test("the seed of sampled tokens counts as it was found to, and else not on a Twinkle Server", () => {
  const sampled = { isTwinkle: true, isChat: false, seed: undefined };
  expect(ignoredSettings(SETTINGS, sampled)).toEqual({ seed: "server" });
  expect(ignoredSettings(SETTINGS, { ...sampled, seed: true })).toEqual({});
  expect(ignoredSettings(SETTINGS, { ...sampled, isTwinkle: false, seed: false })).toEqual({
    seed: "server",
  });
});
