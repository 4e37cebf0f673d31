import { useEffect, useRef } from "react";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import type { RunCommands } from "./use-run-commands";

const DRIVEN_HERE = "driven-run:";

/** Lets a reloaded or restored tab go on by itself with the run that it drove. */
export function useGoOn(run: LiveRun, { isRightServer, resume }: RunCommands): void {
  const { key, status } = run.record;
  const hasGoneOn = useRef(false);
  useEffect(() => {
    if (run.isDriver) sessionStorage.setItem(DRIVEN_HERE + key, "yes");
  }, [run.isDriver, key]);
  useEffect(() => {
    if (hasGoneOn.current || !isRightServer || status !== "interrupted") return;
    if (!sessionStorage.getItem(DRIVEN_HERE + key)) return;
    hasGoneOn.current = true;
    resume();
  });
}
