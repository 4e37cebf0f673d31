import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DoctorLine, DoctorStep } from "@/lib/doctor/types";
import { examineServer } from "@/lib/query/doctor";

/** One examination at a time; leaving the page ends it, and what it made on the server is removed. */
export function useDoctor() {
  const [lines, setLines] = useState<readonly DoctorLine[]>([]);
  const [current, setCurrent] = useState<DoctorStep | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const examination = useMutation({
    mutationFn: (baseModel: string) => {
      setLines([]);
      running.current = new AbortController();
      return examineServer(baseModel, {
        signal: running.current.signal,
        onBegin: setCurrent,
        onStep: (line) => setLines((before) => [...before, line]),
      });
    },
    onSettled: () => setCurrent(null),
  });
  return {
    ...{ lines, current },
    examine: examination.mutate,
    stop: () => running.current?.abort(),
    isRunning: examination.isPending,
    report: examination.data ?? null,
  };
}
