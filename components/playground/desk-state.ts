import type {
  AnswerSettings,
  Conversation,
  ModelChoice,
  PlaygroundMode,
  Thread,
} from "@/lib/storage/conversation";

/** What the next question will be asked with. */
export interface DeskState {
  mode: PlaygroundMode;
  settings: AnswerSettings;
  /** One, or two to compare. */
  models: ModelChoice[];
}

export const FIRST_SETTINGS: AnswerSettings = {
  system: "",
  temperature: 0.7,
  topP: 0.95,
  topK: null,
  maxTokens: 256,
  stop: [],
  seed: null,
  count: 1,
};

export function stateOf({ mode, settings, threads, panels }: Conversation): DeskState {
  return { mode, settings, models: threads.slice(0, panels).map(({ model }) => model) };
}

/** The threads that are shown; a second panel begins with what was said in the first. */
export function threadsOf(conversation: Conversation | null, models: ModelChoice[]): Thread[] {
  return models.map((model, panel) => {
    const stored = conversation?.threads[panel] ?? conversation?.threads[0];
    return stored ? { ...stored, model } : { model, turns: [], chosen: {} };
  });
}

/** With the desk's state and threads written into it; a thread of a closed panel stays. */
export function withState(
  conversation: Conversation,
  { mode, settings, models }: DeskState,
): Conversation {
  return {
    ...conversation,
    mode,
    settings,
    threads: [...threadsOf(conversation, models), ...conversation.threads.slice(models.length)],
    panels: models.length === 2 ? 2 : 1,
    updatedAt: Date.now(),
  };
}

export function isSameModel(a: ModelChoice, b: ModelChoice): boolean {
  return a.baseModel === b.baseModel && a.path === b.path;
}

/** `run · checkpoint`, or the base model's name. */
export function labelOf({ baseModel, runName, checkpointName, path }: ModelChoice): string {
  return path === null ? baseModel : [runName, checkpointName].filter(Boolean).join(" · ");
}
