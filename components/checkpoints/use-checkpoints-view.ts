import { useSearchParams } from "next/navigation";

export interface CheckpointsView {
  /** What to look for in names of runs, checkpoints and paths. */
  q: string;
  /** Base model; empty for all. */
  model: string;
  /** Path of the checkpoint whose publish dialog is open; empty for none. */
  publish: string;
}

/** What the page shows, kept in its address. */
export function useCheckpointsView() {
  const search = useSearchParams();
  return {
    q: search.get("q") ?? "",
    model: search.get("model") ?? "",
    publish: search.get("publish") ?? "",
    show(changes: Partial<CheckpointsView>) {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const query = next.toString();
      window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
    },
  };
}
