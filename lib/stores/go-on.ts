import { useEffect } from "react";
import { findRun } from "@/lib/workers/runs";
import { trainingHost } from "@/lib/workers/training-client";
import { useDrivenRun } from "./live-run";
import { isUnderWay } from "./run-tones";

const DRIVEN_HERE = "driven-run:";

/** Lets a reloaded or restored tab go on by itself, on whatever screen, with the runs that it drove. */
export function useGoOn(serverId: string | null): void {
  const driven = useDrivenRun();
  const key = driven?.isDriver ? driven.record.key : null;
  useEffect(() => {
    if (key) sessionStorage.setItem(DRIVEN_HERE + key, "yes");
  }, [key]);
  useEffect(() => {
    if (!serverId) return;
    for (const marked of Object.keys(sessionStorage).filter((name) =>
      name.startsWith(DRIVEN_HERE),
    )) {
      // A run that cannot go on stays interrupted; its page says why when it is asked to.
      goOn(marked.slice(DRIVEN_HERE.length), serverId).catch(() => {});
    }
  }, [serverId]);
}

async function goOn(key: string, serverId: string): Promise<void> {
  const run = await findRun(key);
  // Just after a reload the old worker may still hold the lock: then the run still looks as if it were driven.
  const wasUnderWay = run && (run.status === "interrupted" || isUnderWay(run.status));
  if (wasUnderWay && run.serverId === serverId) await trainingHost().resume(key);
}
