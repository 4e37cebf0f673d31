import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isAbort } from "@/lib/base/errors";
import type { DoctorLine, DoctorStep } from "@/lib/doctor/types";
import { examineServer } from "@/lib/query/doctor";
import { lastReportQuery } from "@/lib/query/server-features";
import { sessionQuery } from "@/lib/query/session";

/**
 * One examination at a time, and before it the last one of the connected server. Leaving the page ends it, and what it
 * made on the server is removed.
 */
export function useDoctor() {
  const client = useQueryClient();
  const serverId = useQuery(sessionQuery()).data?.serverId ?? "";
  const last = useQuery({ ...lastReportQuery(serverId), enabled: serverId !== "" });
  const [lines, setLines] = useState<readonly DoctorLine[]>([]);
  const [current, setCurrent] = useState<DoctorStep | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const examination = useMutation({
    mutationFn: (baseModel: string) => {
      setLines([]);
      running.current = new AbortController();
      return examineServer(client, {
        ...{ serverId, baseModel, signal: running.current.signal },
        onBegin: setCurrent,
        onStep: (line) => setLines((before) => [...before, line]),
      });
    },
    onSettled: () => setCurrent(null),
  });
  const hasBegun = examination.isPending || lines.length > 0;
  const report = (hasBegun ? examination.data : last.data) ?? null;
  return {
    current,
    lines: report?.lines ?? lines,
    report,
    error: isAbort(examination.error) ? null : examination.error,
    examine: examination.mutate,
    stop: () => running.current?.abort(),
    isRunning: examination.isPending,
  };
}
