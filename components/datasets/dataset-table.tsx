"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Table, Td, Th } from "@/components/ui/table";
import { Chip, Tag } from "@/components/ui/tag";
import { formatBytes } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import type { DatasetRecord } from "@/lib/storage/types";
import { RemoveDialog } from "./remove-dialog";

export function DatasetTable({ datasets }: { datasets: DatasetRecord[] }) {
  const t = useTranslations("datasets.table");
  const [removing, setRemoving] = useState<DatasetRecord | null>(null);
  return (
    <>
      <Table aria-label={t("label")}>
        <thead>
          <tr>
            <Th>{t("name")}</Th>
            <Th className="max-sm:hidden">{t("format")}</Th>
            <Th className="text-right">{t("rows")}</Th>
            <Th className="text-right">{t("problems")}</Th>
            <Th className="text-right max-sm:hidden">{t("size")}</Th>
            <Th className="max-sm:hidden">{t("created")}</Th>
            <Th>
              <span className="sr-only">{t("actions")}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <DatasetLine key={dataset.id} dataset={dataset} onRemove={() => setRemoving(dataset)} />
          ))}
        </tbody>
      </Table>
      <RemoveDialog dataset={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function DatasetLine({ dataset, onRemove }: { dataset: DatasetRecord; onRemove: () => void }) {
  const t = useTranslations("datasets");
  const format = useFormatter();
  const locale = useLocale();
  return (
    <tr className="group relative hover:bg-hover">
      <Td className="w-full max-w-0 sm:w-auto sm:max-w-[320px]">
        <Link
          href={paths.dataset(dataset.id)}
          className="block truncate font-[550] after:absolute after:inset-0"
        >
          {dataset.name}
        </Link>
      </Td>
      <Td className="max-sm:hidden">
        <Chip>{t(`format.${dataset.format}`)}</Chip>
      </Td>
      <Td className="text-right num">{format.number(dataset.rowCount)}</Td>
      <Td className="text-right num">
        {dataset.problemCount > 0 ? (
          <Tag tone="bad">{format.number(dataset.problemCount)}</Tag>
        ) : (
          <span className="text-faint">{format.number(0)}</span>
        )}
      </Td>
      <Td className="text-right num max-sm:hidden">{formatBytes(dataset.sizeBytes)}</Td>
      <Td className="text-muted max-sm:hidden">
        <time dateTime={new Date(dataset.createdAt).toISOString()}>
          {new Date(dataset.createdAt).toLocaleString(locale, {
            dateStyle: "medium",
            timeStyle: "short",
          })}
        </time>
      </Td>
      <Td className="w-10 text-right">
        <Button
          look="ghost"
          size="small"
          square
          className="relative z-10"
          aria-label={t("table.delete", { name: dataset.name })}
          onClick={onRemove}
        >
          <Trash2 />
        </Button>
      </Td>
    </tr>
  );
}
