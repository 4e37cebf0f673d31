"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Card, CardHead } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { checkpointsQuery, trainingRunsQuery } from "@/lib/query/checkpoints";
import { describeServerRun } from "@/lib/stores/server-run";
import { sessionQuery } from "@/lib/query/session";

const RUNS_LOOKED_AT = 3;
const SHOWN = 4;

/** The newest checkpoints on the server, whichever browser made them. */
export function RecentCheckpoints() {
  const t = useTranslations("home.checkpoints");
  const session = useQuery(sessionQuery());
  const runs = useQuery({ ...trainingRunsQuery(), enabled: session.data?.connected ?? false });
  const recentRuns = runs.data?.slice(0, RUNS_LOOKED_AT) ?? [];
  const lists = useQueries({ queries: recentRuns.map((run) => checkpointsQuery(run.id)) });
  const checkpoints = recentRuns.flatMap((run, i) =>
    (lists[i]?.data ?? []).map((checkpoint) => ({ run, checkpoint })),
  );
  checkpoints.sort((a, b) => (b.checkpoint.time ?? "").localeCompare(a.checkpoint.time ?? ""));
  const isPending = runs.isPending || lists.some((list) => list.isPending);
  return (
    <Card>
      <CardHead>
        <h2>{t("title")}</h2>
        <Link href={paths.checkpoints()} className="ml-auto text-muted hover:text-ink">
          {t("all")}
        </Link>
      </CardHead>
      {isPending && <Skeleton className="m-3.5 h-6" />}
      {!isPending && checkpoints.length === 0 && (
        <p className="px-3.5 py-4 text-muted">{t("empty")}</p>
      )}
      <ul>
        {!isPending &&
          checkpoints.slice(0, SHOWN).map(({ run, checkpoint }) => (
            <li
              key={checkpoint.path}
              className="flex min-h-[52px] items-center gap-3 border-b border-line px-3.5 py-2 last:border-b-0"
            >
              <div className="min-w-0 flex-1">
                <span className="block truncate font-[550]">{checkpoint.name}</span>
                <span className="block truncate text-small text-faint">
                  {t("of", { run: describeServerRun(run).name, model: run.baseModel ?? "" })}
                </span>
              </div>
              <ButtonLink
                size="small"
                href={paths.playground({ run: run.id, path: checkpoint.path })}
              >
                <MessageSquare />
                {t("chat")}
              </ButtonLink>
            </li>
          ))}
      </ul>
    </Card>
  );
}
