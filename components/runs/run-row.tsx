import { useQuery } from "@tanstack/react-query";
import { SquareTerminal, Trash2 } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Sparkline } from "@/components/charts/sparkline";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Td } from "@/components/ui/table";
import { TimeAgo } from "@/components/ui/time-ago";
import { formatLoss } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import { commandSketchQuery } from "@/lib/query/command-runs";
import { lossSketchQuery } from "@/lib/query/runs";
import type { RunRecord } from "@/lib/training/types";
import { ContinueButton } from "./continue-button";
import { RunState } from "./run-state";
import { FROM_LARGE, FROM_MEDIUM, FROM_SMALL } from "./run-table";

export interface RunRowProps {
  record: RunRecord;
  /** The connected server; null while it is not known. */
  serverId: string | null;
  /** Null for a run that is not this browser's to delete or to go on with. */
  onDelete: (() => void) | null;
}

const NONE = "–";

export function RunRow({ record, serverId, onDelete }: RunRowProps) {
  const t = useTranslations("runs");
  const { key, config, lastLoss, lastValidationLoss, createdAt } = record;
  const isFromCommandLine = onDelete === null;
  return (
    <tr className="hover:bg-hover">
      <Td className="w-full max-w-0 max-sm:h-14">
        <Link
          href={paths.run(key)}
          className="block truncate rounded-control font-[550] hover:underline"
        >
          {config.name}
          {isFromCommandLine && (
            <SquareTerminal
              role="img"
              aria-label={t("commandLine")}
              className="-mt-0.5 ml-1.5 inline size-3.5 text-faint"
            />
          )}
        </Link>
        <span className="flex flex-wrap gap-x-2 text-small text-faint sm:hidden">
          <RunState record={record} />
          <Steps record={record} />
        </span>
      </Td>
      <Td className={FROM_SMALL}>
        <RunState record={record} />
      </Td>
      <Td className={cn(FROM_MEDIUM, "max-w-40 truncate text-muted")}>{config.baseModel}</Td>
      <Td className={cn(FROM_LARGE, "max-w-40 truncate text-muted")}>{config.datasetName}</Td>
      <Td className={FROM_MEDIUM}>
        {isFromCommandLine ? <CommandCurve record={record} /> : <Curve record={record} />}
      </Td>
      <Td className="text-right num">{lastLoss === null ? NONE : formatLoss(lastLoss)}</Td>
      <Td className={cn(FROM_SMALL, "text-right num")}>
        {lastValidationLoss === null ? NONE : formatLoss(lastValidationLoss)}
      </Td>
      <Td className={cn(FROM_SMALL, "text-right")}>
        <Steps record={record} />
      </Td>
      <Td className={cn(FROM_MEDIUM, "text-right text-muted")}>
        <TimeAgo at={createdAt} />
      </Td>
      <Td className="text-right">
        {onDelete && (
          <span className="inline-flex items-center justify-end gap-1">
            <ContinueButton record={record} serverId={serverId} />
            <Button
              look="ghost"
              size="small"
              square
              aria-label={t("delete", { name: config.name })}
              title={t("delete", { name: config.name })}
              onClick={onDelete}
            >
              <Trash2 />
            </Button>
          </span>
        )}
      </Td>
    </tr>
  );
}

function Steps({ record: { step, plan } }: { record: RunRecord }) {
  const format = useFormatter();
  return (
    <span className="num">
      {format.number(step)}
      {step < plan.totalSteps && (
        <span className="text-faint"> / {format.number(plan.totalSteps)}</span>
      )}
    </span>
  );
}

function Curve({ record: { key, step, plan } }: { record: RunRecord }) {
  const sketch = useQuery(lossSketchQuery(key, { step, totalSteps: plan.totalSteps }));
  return <Sparkline values={sketch.data ?? []} share={step / plan.totalSteps} />;
}

function CommandCurve({ record: { key, step, plan } }: { record: RunRecord }) {
  const sketch = useQuery(commandSketchQuery(key, step));
  return <Sparkline values={sketch.data ?? []} share={step / plan.totalSteps} />;
}
