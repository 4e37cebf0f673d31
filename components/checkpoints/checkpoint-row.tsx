import { useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Tag } from "@/components/ui/tag";
import { TimeAgo } from "@/components/ui/time-ago";
import { formatBytes, formatLoss } from "@/lib/base/format";
import type { CheckpointItem } from "./checkpoint-item";
import type { RowCalls } from "./checkpoint-table";
import { RowActions } from "./row-actions";

interface CheckpointRowProps extends RowCalls {
  item: CheckpointItem;
  isSelected: boolean;
  onSelect: (isSelected: boolean) => void;
}

export function CheckpointRow({ item, isSelected, onSelect, ...calls }: CheckpointRowProps) {
  const t = useTranslations("checkpoints");
  const number = (value: number | null, format: (value: number) => string) =>
    value === null ? "–" : format(value);
  const loss = number(item.loss, formatLoss);
  const validationLoss = number(item.validationLoss, formatLoss);
  const size = number(item.sizeBytes || null, formatBytes);
  const created = item.createdAt === null ? "–" : <TimeAgo at={item.createdAt} />;
  return (
    <tr
      className={cn(
        "border-b border-line last:border-b-0 @max-[980px]:grid @max-[980px]:grid-cols-[30px_minmax(0,1fr)_auto] @max-[980px]:items-center @max-[980px]:py-2 @max-[980px]:pr-1.5 @max-[980px]:pl-3",
        isSelected ? "bg-accent-soft" : "hover:bg-hover",
      )}
    >
      <td className="h-9 pl-3.5 @max-[980px]:h-auto @max-[980px]:self-start @max-[980px]:pl-0">
        <input
          type="checkbox"
          className="align-[-2px] accent-accent"
          aria-label={t("select", { name: item.name, run: item.runName })}
          checked={isSelected}
          onChange={(event) => onSelect(event.target.checked)}
        />
      </td>
      <td className="min-w-0 px-2.5 @max-[980px]:px-0">
        <span className="flex min-w-0 items-center gap-2">
          <b className="truncate font-[550]" title={item.path}>
            {item.name}
          </b>
          <Tag className="@min-[981px]:hidden">{t(`kind.${item.kind}`)}</Tag>
        </span>
        <span className="mt-0.5 block text-small text-muted num @min-[981px]:hidden">
          {[
            item.step !== null && t("step", { step: item.step }),
            item.loss !== null && t("trainLoss", { loss }),
            item.validationLoss !== null && t("validationLoss", { loss: validationLoss }),
            item.sizeBytes ? size : null,
          ]
            .filter(Boolean)
            .map((fact) => (
              <Fragment key={String(fact)}>
                <span className="whitespace-nowrap">{fact}</span>
                {" · "}
              </Fragment>
            ))}
          <span className="whitespace-nowrap">{created}</span>
        </span>
      </td>
      <Cell>
        <Tag>{t(`kind.${item.kind}`)}</Tag>
      </Cell>
      <Cell isNumber>{item.step ?? "–"}</Cell>
      <Cell isNumber>{loss}</Cell>
      <Cell isNumber>{validationLoss}</Cell>
      <Cell isNumber>{size}</Cell>
      <Cell isNumber className="text-muted">
        {created}
      </Cell>
      <td className="pr-3 text-right @max-[980px]:pr-0">
        <RowActions item={item} {...calls} />
      </td>
    </tr>
  );
}

/** Only in the wide table: the narrow one says it below the name. */
function Cell({
  isNumber = false,
  className,
  children,
}: {
  isNumber?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <td
      className={cn(
        "px-2.5 whitespace-nowrap @max-[980px]:hidden",
        isNumber && "text-right num",
        className,
      )}
    >
      {children}
    </td>
  );
}
