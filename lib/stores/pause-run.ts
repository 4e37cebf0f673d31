import { FINISHED } from "@/lib/training/types";
import { trainingHost } from "@/lib/workers/training-client";

/** Pauses a run that this tab drives, and resolves once it is saved and its slot on the server is free. */
export async function pauseRun(key: string): Promise<void> {
  const host = trainingHost();
  await host.pause(key);
  await new Promise<void>((resolve) => {
    const unsubscribe = host.subscribe(key, ({ record }) => {
      if (record.status !== "paused" && !FINISHED.includes(record.status)) return;
      // The first news may come before `subscribe` has returned.
      queueMicrotask(() => unsubscribe());
      resolve();
    });
  });
}
