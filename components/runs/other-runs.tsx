import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import { TimeAgo } from "@/components/ui/time-ago";
import { paths } from "@/lib/config/paths";
import type { TrainingRun } from "@/lib/protocol/checkpoints";
import { trainingRunsQuery } from "@/lib/query/checkpoints";
import { sessionQuery } from "@/lib/query/session";
import { describeServerRun } from "@/lib/stores/server-run";
import type { RunRecord } from "@/lib/training/types";
import { FROM_MEDIUM, FROM_SMALL } from "./run-table";

const SHOWN = 8;

/** Runs that the server keeps for the token and that nobody here has a journal of; nothing where there is none. */
export function OtherRuns({ known }: { known: RunRecord[] }) {
  const t = useTranslations("runs.elsewhere");
  const session = useQuery(sessionQuery());
  const { data: listed = [] } = useQuery({
    ...trainingRunsQuery(),
    enabled: session.data?.connected ?? false,
  });
  const others = listed.filter(({ id }) => !known.some((record) => isOf(record, id)));
  if (others.length === 0) return null;
  const more = others.length - SHOWN;
  return (
    <section className="mt-6">
      <h2>{t("title")}</h2>
      <p className="mt-0.5 mb-2.5 text-muted">{t("lead")}</p>
      <Card className="overflow-hidden">
        <Table aria-label={t("title")}>
          <thead>
            <tr>
              <Th scope="col">{t("name")}</Th>
              <Th scope="col" className={FROM_SMALL}>
                {t("model")}
              </Th>
              <Th scope="col" className={`${FROM_MEDIUM} text-right`}>
                {t("rank")}
              </Th>
              <Th scope="col" className={`${FROM_SMALL} text-right`}>
                {t("used")}
              </Th>
              <Th scope="col">
                <span className="sr-only">{t("checkpoints")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {others.slice(0, SHOWN).map((run) => (
              <OtherRun key={run.id} run={run} />
            ))}
          </tbody>
        </Table>
      </Card>
      {more > 0 && (
        <p className="mt-2 text-muted">
          <Link href={paths.checkpoints()} className="hover:underline">
            {t("more", { count: more })}
          </Link>
        </p>
      )}
    </section>
  );
}

function OtherRun({ run }: { run: TrainingRun }) {
  const t = useTranslations("runs.elsewhere");
  const { name } = describeServerRun(run);
  const usedAt = Date.parse(run.lastRequestTime ?? "");
  return (
    <tr className="hover:bg-hover">
      <Td className="w-full max-w-0 truncate font-[550]" title={run.id}>
        {name}
      </Td>
      <Td className={`${FROM_SMALL} max-w-40 truncate text-muted`}>{run.baseModel}</Td>
      <Td className={`${FROM_MEDIUM} text-right num`}>{run.loraRank}</Td>
      <Td className={`${FROM_SMALL} text-right whitespace-nowrap text-muted`}>
        {Number.isFinite(usedAt) && <TimeAgo at={usedAt} />}
      </Td>
      <Td className="text-right">
        <ButtonLink
          size="small"
          href={paths.checkpoints({ q: run.id })}
          aria-label={t("checkpointsOf", { name })}
        >
          <Layers />
          <span className="hidden sm:inline">{t("checkpoints")}</span>
        </ButtonLink>
      </Td>
    </tr>
  );
}

/** A run that was continued has been several on the server: its checkpoints tell. */
function isOf({ serverRunId, checkpoints }: RunRecord, id: string): boolean {
  return serverRunId === id || checkpoints.some(({ path }) => path.includes(`://${id}/`));
}
