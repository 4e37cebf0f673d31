import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { isAbort } from "@/lib/base/errors";
import { paths } from "@/lib/config/paths";
import { importDatasetMutation, readHubSliceMutation } from "@/lib/query/datasets";
import type { HubSlice, Progress } from "@/lib/workers/hosts";

const ROWS_BY_DEFAULT = "500";

/** Reads the first rows of a dataset, asks for what stands in their placeholders, imports them and opens the dataset. */
export function useHubImport() {
  const router = useRouter();
  const [address, setAddress] = useState("");
  const [rows, setRows] = useState(ROWS_BY_DEFAULT);
  const [values, setValues] = useState<Record<string, string>>({});
  const [progress, setProgress] = useState<Progress | null>(null);
  const abort = useRef<AbortController>(null);
  const reading = useMutation(readHubSliceMutation());
  const importing = useMutation(importDatasetMutation());
  useEffect(() => () => abort.current?.abort(), []);

  function beginWork() {
    abort.current = new AbortController();
    setProgress(null);
    return { signal: abort.current.signal, onProgress: setProgress };
  }

  const importSlice = ({ file, name }: HubSlice) =>
    importing.mutate(
      { file, name, source: "hub", placeholders: values, ...beginWork() },
      { onSuccess: ({ id }) => router.push(paths.dataset(id)) },
    );

  const read = () =>
    reading.mutate(
      { address, rows: Number(rows), ...beginWork() },
      { onSuccess: (slice) => slice.placeholders.length === 0 && importSlice(slice) },
    );

  /** Rows that were read belong to the address and count that they were read for. */
  function forget() {
    reading.reset();
    importing.reset();
  }

  const slice = reading.data;
  return {
    address,
    setAddress: (text: string) => {
      forget();
      setAddress(text);
    },
    rows,
    setRows: (text: string) => {
      forget();
      setRows(text);
    },
    slice,
    values,
    setValue: (name: string, value: string) => setValues((was) => ({ ...was, [name]: value })),
    isBusy: reading.isPending || importing.isPending || importing.isSuccess,
    progress,
    error: [reading.error, importing.error].find((error) => error && !isAbort(error)) ?? null,
    submit: () => (slice ? importSlice(slice) : read()),
    stop: () => abort.current?.abort(),
  };
}
export type HubImport = ReturnType<typeof useHubImport>;
