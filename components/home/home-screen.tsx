"use client";

import { useTranslations } from "next-intl";
import { Page, PageHead } from "@/components/ui/page";
import { DropCard } from "./drop-card";
import { ModelsCard } from "./models-card";
import { PigLatinCard } from "./pig-latin-card";
import { RecentCheckpoints } from "./recent-checkpoints";
import { RecentRuns } from "./recent-runs";
import { WhoAmICard } from "./who-am-i-card";

export function HomeScreen() {
  const t = useTranslations("home");
  return (
    <Page>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="mb-7 grid gap-3 min-[900px]:grid-cols-3">
        <WhoAmICard />
        <PigLatinCard />
        <DropCard />
      </div>
      <div className="grid items-start gap-4 min-[900px]:grid-cols-[3fr_2fr]">
        <div className="flex min-w-0 flex-col gap-4">
          <RecentRuns />
          <RecentCheckpoints />
        </div>
        <ModelsCard />
      </div>
    </Page>
  );
}
