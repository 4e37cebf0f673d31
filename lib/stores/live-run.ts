import { useEffect } from "react";
import { create } from "zustand";
import { drivenRunKeys } from "@/lib/workers/run-locks";
import type { RunUpdate } from "@/lib/workers/hosts";
import { trainingHost } from "@/lib/workers/training-client";
import { applyUpdate, isDriven, type LiveRun } from "./live-run-updates";

interface LiveRuns {
  runs: Readonly<Record<string, LiveRun>>;
}

const LOOK_FOR_RUNS_MS = 2_000;
/** Hidden pages get no animation frames, but their title still shows the progress. */
const HIDDEN_FRAME_MS = 1_000;

const useLiveRuns = create<LiveRuns>(() => ({ runs: {} }));

const followers = new Map<string, { count: number; unsubscribe: () => void }>();
let inbox: RunUpdate[] = [];

/** A run as it is now, followed while the component is there; undefined until the first news, and for a run that this browser does not have. */
export function useLiveRun(key: string): LiveRun | undefined {
  useEffect(() => followRun(key), [key]);
  return useLiveRuns(({ runs }) => runs[key]);
}

/** The run that this browser drives, this tab's own first; null when there is none. */
export function useDrivenRun(): LiveRun | null {
  useEffect(() => {
    const followed = new Map<string, () => void>();
    const look = () => {
      drivenRunKeys()
        .then((keys) => {
          for (const key of keys) if (!followed.has(key)) followed.set(key, followRun(key));
        })
        .catch(() => {});
    };
    look();
    const timer = setInterval(look, LOOK_FOR_RUNS_MS);
    return () => {
      clearInterval(timer);
      for (const unfollow of followed.values()) unfollow();
    };
  }, []);
  return useLiveRuns(({ runs }) => {
    const driven = Object.values(runs).filter(isDriven);
    return driven.find((run) => run.isDriver) ?? driven[0] ?? null;
  });
}

/** Lets go of what is kept of a run that was removed. */
export function forgetLiveRun(key: string): void {
  useLiveRuns.setState(({ runs: { [key]: _, ...runs } }) => ({ runs }));
}

function followRun(key: string): () => void {
  const follower = followers.get(key) ?? {
    count: 0,
    unsubscribe: trainingHost().subscribe(key, receive),
  };
  followers.set(key, follower);
  follower.count += 1;
  return () => {
    follower.count -= 1;
    if (follower.count > 0) return;
    follower.unsubscribe();
    followers.delete(key);
  };
}

/** Updates wait for the next frame, so that the page renders at most once in it. */
function receive(update: RunUpdate): void {
  inbox.push(update);
  if (inbox.length > 1) return;
  if (document.hidden) setTimeout(flush, HIDDEN_FRAME_MS);
  else requestAnimationFrame(flush);
}

function flush(): void {
  const updates = inbox;
  inbox = [];
  useLiveRuns.setState(({ runs }) => ({ runs: updates.reduce(applyUpdate, runs) }));
}
