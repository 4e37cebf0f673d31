"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { invariant } from "@/lib/base/assert-never";
import { DATASETS_KEY } from "@/lib/query/keys";
import { capabilitiesQuery } from "@/lib/query/server";
import { sessionQuery } from "@/lib/query/session";
import type { SampleChoice } from "@/lib/stores/quick-start";

/** One click from a sample to a live run on the first model of the connected server. */
export function useTrainSample(onStarted: (runKey: string) => void) {
  const t = useTranslations("home");
  const queryClient = useQueryClient();
  const session = useQuery(sessionQuery());
  const capabilities = useQuery({
    ...capabilitiesQuery(),
    enabled: session.data?.connected ?? false,
  });
  const [stage, setStage] = useState<"rows" | "tokens" | "start" | null>(null);
  const model = capabilities.data?.models[0];
  const serverId = session.data?.serverId;

  const start = useMutation({
    mutationFn: async (sample: SampleChoice) => {
      invariant(
        model && serverId,
        "the button is disabled until a server with a model is connected",
      );
      const { trainSample } = await import("@/lib/stores/quick-start");
      return trainSample({
        sample,
        baseModel: model.name,
        maxContextLength: model.maxContextLength,
        serverId,
        onStage: setStage,
        signal: new AbortController().signal,
      });
    },
    onSuccess: onStarted,
    onError: () => setStage(null),
    onSettled: () => queryClient.invalidateQueries({ queryKey: DATASETS_KEY }),
  });

  const blockedBy = capabilities.isError ? t("noServer") : !model ? t("waitingForServer") : null;
  return { train: start.mutate, stage, error: start.error, blockedBy };
}
