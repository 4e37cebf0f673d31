import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import { defaultRunConfig, type DefaultsInput } from "@/lib/training/defaults";
import type { RunConfig } from "@/lib/training/types";
import {
  draftOf,
  parseDraft,
  type DraftField,
  type ParsedDraft,
  type RunDraft,
} from "@/lib/training/run-draft";

/** What the form stands on: the dataset, the base model, and the checkpoint to go on from. */
export interface RunFormFacts extends DefaultsInput {
  startFrom: RunConfig["startFrom"];
  /** Rank of that checkpoint: a run that goes on from it must have the same. */
  fixedRank: number | null;
}

export interface RunForm extends ParsedDraft {
  draft: RunDraft;
  defaults: RunDraft;
  /** Fields that differ from their default by the reader's hand. */
  isEdited: (field: DraftField) => boolean;
  isAnyEdited: boolean;
  edit: (edits: Partial<RunDraft>) => void;
  reset: () => void;
}

type Edits = Partial<RunDraft>;

interface RunFormState {
  /** What was typed, by dataset; lives as long as the tab. */
  edits: Record<string, Edits>;
  edit: (datasetId: string, edits: Edits) => void;
  reset: (datasetId: string) => void;
}

const useRunFormStore = create<RunFormState>()(
  persist(
    (set) => ({
      edits: {},
      edit: (datasetId, edits) =>
        set((state) => ({
          edits: { ...state.edits, [datasetId]: { ...state.edits[datasetId], ...edits } },
        })),
      reset: (datasetId) => set(({ edits: { [datasetId]: _gone, ...edits } }) => ({ edits })),
    }),
    {
      name: "run-form",
      storage: createJSONStorage(() => sessionStorage),
      partialize: ({ edits }) => ({ edits }),
    },
  ),
);

const NO_EDITS: Edits = {};

/** The form of a run: defaults after the facts, with what was typed laid over them. Null until the facts are known. */
export function useRunForm(facts: RunFormFacts | null): RunForm | null {
  const datasetId = facts?.dataset.id ?? "";
  const edits = useRunFormStore((state) => state.edits[datasetId] ?? NO_EDITS);
  const edit = useRunFormStore((state) => state.edit);
  const reset = useRunFormStore((state) => state.reset);
  if (!facts) return null;

  const base = { ...defaultRunConfig(facts), startFrom: facts.startFrom };
  const defaults = draftOf(base);
  const fixed: Edits = facts.fixedRank === null ? {} : { loraRank: String(facts.fixedRank) };
  const draft = { ...defaults, ...edits, ...fixed };
  const isEdited = (field: DraftField) => draft[field] !== defaults[field];
  return {
    ...parseDraft(draft, base, facts),
    draft,
    defaults,
    isEdited,
    isAnyEdited: (Object.keys(draft) as DraftField[]).some(isEdited),
    edit: (changes) => edit(datasetId, changes),
    reset: () => reset(datasetId),
  };
}
