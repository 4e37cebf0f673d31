import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { paths } from "@/lib/config/paths";
import { trainingHost } from "@/lib/workers/training-client";
import type { RunConfig } from "@/lib/training/types";
import { blockedBy } from "./blocked-by";
import type { NewRun } from "./use-new-run";

/** Starts the run and goes to its page; nothing is sent before every check has passed. */
export function useStart(run: NewRun) {
  const router = useRouter();
  const blocked = blockedBy(run);
  const config = run.form?.config;
  const serverId = run.session.data?.serverId;
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: ({ config, serverId }: { config: RunConfig; serverId: string }) =>
      trainingHost().start(config, serverId),
    networkMode: "always",
    onSuccess: (key) => {
      run.form?.reset();
      router.push(paths.run(key));
    },
  });
  return {
    blocked,
    isStarting: isPending || isSuccess,
    error,
    start: () => {
      if (!blocked && config && serverId) mutate({ config, serverId });
    },
  };
}
export type Start = ReturnType<typeof useStart>;
