import { queryOptions } from "@tanstack/react-query";
import { runJournal } from "@/lib/storage/run-journal";

const OVER = ["done", "failed", "stopped"];

/** What this browser's journal knows of the checkpoints of its own runs, by path. */
export function savedCheckpointsQuery() {
  return queryOptions({
    queryKey: ["saved-checkpoints"],
    queryFn: async () => {
      const records = await runJournal.records();
      return new Map(
        records.flatMap(({ status, checkpoints }) =>
          checkpoints.map((saved) => {
            /** An unfinished run goes on from here. */
            const isResumePoint = saved === checkpoints.at(-1) && !OVER.includes(status);
            return [saved.path, { ...saved, isResumePoint }] as const;
          }),
        ),
      );
    },
    structuralSharing: false,
    networkMode: "always",
  });
}
