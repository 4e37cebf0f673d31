import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sessionQuery } from "@/lib/query/session";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { isUnderWay } from "@/lib/stores/run-tones";
import { trainingHost } from "@/lib/workers/training-client";

type Command = "pause" | "save" | "stop" | "resume";

/** What can be done with a run from its page, and what the last thing done came to. */
export function useRunCommands(run: LiveRun) {
  const { record } = run;
  const session = useQuery(sessionQuery());
  // A command is under way until the run shows its effect, not only until the worker has taken it.
  const [pending, setPending] = useState<{ command: Command; before: string } | null>(null);
  const effectOf = (command: Command) =>
    `${isUnderWay(record.status)} ${command === "save" ? record.checkpoints.length : ""}`;

  const give = useMutation({
    mutationFn: ({ run }: { command: Command; run: () => Promise<void> }) => run(),
    networkMode: "always",
    onMutate: ({ command }) => setPending({ command, before: effectOf(command) }),
    onError: () => setPending(null),
  });

  const host = trainingHost();
  const serverId = session.data?.serverId;
  return {
    pending: pending && pending.before === effectOf(pending.command) ? pending.command : null,
    error: give.error,
    /** False where the run belongs to another server than the connected one; null while that is not known. */
    isRightServer: serverId === undefined ? null : serverId === record.serverId,
    pause: () => give.mutate({ command: "pause", run: () => host.pause(record.key) }),
    saveNow: () => give.mutate({ command: "save", run: () => host.saveNow(record.key) }),
    stop: (save: boolean) =>
      give.mutate({ command: "stop", run: () => host.stop(record.key, { save }) }),
    resume: () => give.mutate({ command: "resume", run: () => host.resume(record.key) }),
  };
}
export type RunCommands = ReturnType<typeof useRunCommands>;
