"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SessionInfo } from "@/lib/config/studio-api";
import { connectMutation } from "@/lib/query/session";
import { useDrivenRun } from "@/lib/stores/live-run";
import { pauseRun } from "@/lib/stores/pause-run";

/** The state of the form: which server, its token, and the check that the studio's server makes before it connects. */
export function useConnect(session: SessionInfo | undefined) {
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [address, setAddress] = useState("");
  const [token, setToken] = useState("");
  const driven = useDrivenRun();
  const connect = useMutation(connectMutation(queryClient));

  const choice = chosen ?? currentChoice(session);
  const serverUrl =
    choice === "address" ? address : (session?.presets.find(({ id }) => id === choice)?.url ?? "");
  // A run of another tab waits by itself until the studio is connected to its server again.
  const isLeft = driven?.isDriver && serverUrl !== session?.serverUrl ? driven.record : null;

  const submit = async () => {
    if (isLeft) await pauseRun(isLeft.key);
    await connect.mutateAsync({ serverUrl, token });
    setToken("");
  };

  return {
    choice,
    choose: (next: string) => {
      setChosen(next);
      connect.reset();
    },
    address,
    setAddress,
    token,
    setToken,
    isBusy: connect.isPending,
    isConnected: connect.isSuccess,
    error: connect.error,
    runInTheWay: isLeft?.config.name ?? null,
    submit: () => {
      // The mutation keeps its own error for the screen.
      submit().catch(() => undefined);
    },
  };
}

function currentChoice(session: SessionInfo | undefined): string {
  if (!session) return "local";
  const preset = session.presets.find(({ url }) => url === session.serverUrl);
  if (preset) return preset.id;
  return session.canEnterAddress ? "address" : (session.presets[0]?.id ?? "address");
}
