import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { paths } from "@/lib/config/paths";
import { importDatasetMutation } from "@/lib/query/datasets";
import type { Progress } from "@/lib/workers/hosts";

const READABLE = /\.(jsonl|json|ndjson|csv)$/i;

export type ImportState =
  | { step: "idle" }
  | { step: "importing"; name: string; progress: Progress }
  | { step: "cancelled"; name: string }
  | { step: "wrong_type"; name: string }
  | { step: "failed"; name: string; error: unknown };

/** Imports one file at a time and opens it once it is stored. */
export function useImport() {
  const router = useRouter();
  const [state, setState] = useState<ImportState>({ step: "idle" });
  const [hasIgnoredFiles, setHasIgnoredFiles] = useState(false);
  const abort = useRef<AbortController>(null);
  const { mutateAsync } = useMutation(importDatasetMutation());
  useEffect(() => () => abort.current?.abort(), []);

  async function run(file: File) {
    const { name } = file;
    if (!READABLE.test(name)) {
      setState({ step: "wrong_type", name });
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    abort.current = controller;
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) setState({ step: "importing", name, progress });
    };
    onProgress({ doneBytes: 0, totalBytes: file.size, rows: 0 });
    try {
      const record = await mutateAsync({ file, name, source: "file", signal, onProgress });
      router.push(paths.dataset(record.id));
    } catch (error) {
      setState(signal.aborted ? { step: "cancelled", name } : { step: "failed", name, error });
    }
  }

  return {
    state,
    hasIgnoredFiles,
    take: (files: File[]) => {
      const [file] = files;
      if (!file || state.step === "importing") return;
      setHasIgnoredFiles(files.length > 1);
      void run(file);
    },
    cancel: () => abort.current?.abort(),
  };
}
