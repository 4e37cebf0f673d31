import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/page";
import { Th } from "@/components/ui/table";
import type { CheckpointGroup, CheckpointItem } from "./checkpoint-item";
import { CheckpointRow } from "./checkpoint-row";
import { RunHeader } from "./run-header";

export interface RowCalls {
  onDelete: (item: CheckpointItem) => void;
  onPublish: (item: CheckpointItem) => void;
}

interface CheckpointTableProps extends RowCalls {
  groups: CheckpointGroup[];
  onToggle: (group: CheckpointGroup) => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
}

/** One table where there is room; a card a row where its own width is small. */
export function CheckpointTable({
  groups,
  onToggle,
  selected,
  onSelect,
  ...calls
}: CheckpointTableProps) {
  const t = useTranslations("checkpoints");
  const shown = groups.flatMap((group) => (group.isOpen ? group.items : []));
  const isAllSelected = shown.length > 0 && shown.every(({ key }) => selected.has(key));
  const select = (keys: string[], isSelected: boolean) => {
    const next = new Set(selected);
    for (const key of keys) {
      if (isSelected) next.add(key);
      else next.delete(key);
    }
    onSelect(next);
  };
  return (
    <Card className="overflow-clip">
      <table className="w-full table-fixed border-collapse @max-[980px]:block">
        <thead className="@max-[980px]:hidden">
          <tr>
            <Th className="w-11">
              <input
                type="checkbox"
                className="align-[-2px] accent-accent"
                aria-label={t("selectAll")}
                checked={isAllSelected}
                onChange={(event) =>
                  select(
                    shown.map(({ key }) => key),
                    event.target.checked,
                  )
                }
              />
            </Th>
            <Th>{t("column.name")}</Th>
            <Th className="w-[88px]">{t("column.kind")}</Th>
            <Th className="w-[72px] text-right">{t("column.step")}</Th>
            <Th className="w-[84px] text-right">{t("column.loss")}</Th>
            <Th className="w-[84px] text-right">{t("column.validationLoss")}</Th>
            <Th className="w-[84px] text-right">{t("column.size")}</Th>
            <Th className="w-[112px] text-right">{t("column.created")}</Th>
            <Th className="w-[204px] text-right">{t("column.actions")}</Th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.run.id} className="@max-[980px]:block">
            <RunHeader group={group} onToggle={() => onToggle(group)} />
            {group.isOpen &&
              group.items.map((item) => (
                <CheckpointRow
                  key={item.key}
                  item={item}
                  isSelected={selected.has(item.key)}
                  onSelect={(isSelected) => select([item.key], isSelected)}
                  {...calls}
                />
              ))}
          </tbody>
        ))}
      </table>
    </Card>
  );
}

export function CheckpointTableSkeleton() {
  return (
    <Card className="flex flex-col gap-3 p-3.5">
      {Array.from({ length: 6 }, (_, row) => (
        <Skeleton key={row} className="h-6" />
      ))}
    </Card>
  );
}
