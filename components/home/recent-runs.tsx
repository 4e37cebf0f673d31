"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Sparkline } from "@/components/charts/sparkline";
import { ButtonLink } from "@/components/ui/button-link";
import { Card, CardHead } from "@/components/ui/card";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { Dot } from "@/components/ui/tag";
import { TimeAgo } from "@/components/ui/time-ago";
import { formatLoss } from "@/lib/base/format";
import { paths } from "@/lib/config/paths";
import { lossSketchQuery, runsQuery } from "@/lib/query/runs";
import { RUN_TONES } from "@/lib/stores/run-tones";
import type { RunRecord } from "@/lib/training/types";

const SHOWN = 4;

export function RecentRuns() {
  const t = useTranslations("home.runs");
  const runs = useQuery(runsQuery());
  return (
    <Card>
      <CardHead>
        <h2>{t("title")}</h2>
        <Link href={paths.runs()} className="ml-auto text-muted hover:text-ink">
          {t("all")}
        </Link>
      </CardHead>
      {runs.isPending && <Skeleton className="m-3.5 h-6" />}
      {runs.isError && <ErrorNote error={runs.error} className="m-3.5" />}
      {runs.data?.length === 0 && <p className="px-3.5 py-4 text-muted">{t("empty")}</p>}
      <ul>
        {runs.data?.slice(0, SHOWN).map((run) => (
          <RecentRun key={run.key} run={run} />
        ))}
      </ul>
    </Card>
  );
}

function RecentRun({ run }: { run: RunRecord }) {
  const t = useTranslations("home.runs");
  const total = run.plan.totalSteps;
  const sketch = useQuery(lossSketchQuery(run.key, { step: run.step, totalSteps: total }));
  const canContinue = run.status === "interrupted" || run.status === "paused";
  return (
    <li className="relative flex min-h-[52px] items-center gap-3 border-b border-line px-3.5 py-2 last:border-b-0 hover:bg-hover">
      <Dot tone={RUN_TONES[run.status]} />
      <div className="min-w-0 flex-1">
        <Link
          href={paths.run(run.key)}
          className="block truncate font-[550] after:absolute after:inset-0"
        >
          {run.config.name}
        </Link>
        <span className="block truncate text-small text-faint num">
          {run.config.baseModel} · {t("step", { step: run.step, total })}
        </span>
      </div>
      <Sparkline
        values={sketch.data ?? []}
        share={run.step / total}
        className="hidden shrink-0 sm:block"
      />
      {run.lastLoss !== null && (
        <div className="text-right num">
          {formatLoss(run.lastLoss)}
          <span className="block text-small text-faint">{t("loss")}</span>
        </div>
      )}
      <div className="hidden w-24 text-right sm:block">
        {canContinue ? (
          <ButtonLink size="small" className="relative" href={paths.run(run.key)}>
            <Play />
            {t("continue")}
          </ButtonLink>
        ) : (
          <TimeAgo at={run.updatedAt} className="text-faint" />
        )}
      </div>
    </li>
  );
}
