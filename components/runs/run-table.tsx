import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { Table, Th } from "@/components/ui/table";
import { sessionQuery } from "@/lib/query/session";
import type { RunRecord } from "@/lib/training/types";
import { DeleteDialog } from "./delete-dialog";
import { RunRow } from "./run-row";

/** From which width on a column is shown; on the narrowest screens its figures stand below the name. */
export const FROM_SMALL = "hidden sm:table-cell";
export const FROM_MEDIUM = "hidden min-[900px]:table-cell";
export const FROM_LARGE = "hidden min-[1250px]:table-cell";

interface RunTableProps {
  /** Of this browser. */
  records: RunRecord[];
  /** Of the command line of the studio's machine. */
  commandRecords: RunRecord[];
}

export function RunTable({ records, commandRecords }: RunTableProps) {
  const t = useTranslations("runs");
  const session = useQuery(sessionQuery());
  const [deleting, setDeleting] = useState<RunRecord | null>(null);
  const columns = [
    ["name"],
    ["state", FROM_SMALL],
    ["model", FROM_MEDIUM],
    ["dataset", FROM_LARGE],
    ["curve", FROM_MEDIUM],
    ["loss", "text-right"],
    ["validation", cn(FROM_SMALL, "text-right")],
    ["steps", cn(FROM_SMALL, "text-right")],
    ["started", cn(FROM_MEDIUM, "text-right")],
  ] as const;
  return (
    <>
      <Table aria-label={t("label")}>
        <thead>
          <tr>
            {columns.map(([column, className]) => (
              <Th key={column} scope="col" className={className}>
                {t(`column.${column}`)}
              </Th>
            ))}
            <Th scope="col">
              <span className="sr-only">{t("column.actions")}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {newestFirst([...records, ...commandRecords]).map((record) => (
            <RunRow
              key={record.key}
              record={record}
              serverId={session.data?.serverId ?? null}
              onDelete={commandRecords.includes(record) ? null : () => setDeleting(record)}
            />
          ))}
        </tbody>
      </Table>
      <DeleteDialog record={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

function newestFirst(records: RunRecord[]): RunRecord[] {
  return records.sort((a, b) => b.createdAt - a.createdAt);
}
