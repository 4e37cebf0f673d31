import { useTranslations } from "next-intl";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { RunCheckpoints } from "./run-checkpoints";
import { RunLog } from "./run-log";

export function RunTabs({ run }: { run: LiveRun }) {
  const t = useTranslations("run.tabs");
  const [tab, setTab] = useState("checkpoints");
  return (
    <Tabs value={tab} onValueChange={setTab}>
      <TabList aria-label={t("label")}>
        <Tab value="checkpoints">
          {t("checkpoints")} <span className="text-faint num">{run.record.checkpoints.length}</span>
        </Tab>
        <Tab value="log">{t("log")}</Tab>
      </TabList>
      <TabPanel value="checkpoints" className="mt-3">
        <RunCheckpoints record={run.record} hasDataset={!run.isFromCommandLine} />
      </TabPanel>
      <TabPanel value="log" className="mt-3">
        <RunLog log={run.log} />
      </TabPanel>
    </Tabs>
  );
}
