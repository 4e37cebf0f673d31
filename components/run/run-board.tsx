import { useState } from "react";
import { Page } from "@/components/ui/page";
import type { LiveRun } from "@/lib/stores/live-run-updates";
import { CommandError } from "./command-error";
import { ConnectionCard } from "./connection-card";
import { LossCard } from "./loss-card";
import { MinisCard } from "./minis-card";
import { ProgressCard } from "./progress-card";
import { firstSmoothing, type CurveSettings } from "./run-curves";
import { RunHead } from "./run-head";
import { RunTabs } from "./run-tabs";
import { useRunCommands } from "./use-run-commands";
import { useRunCurves } from "./use-run-curves";
import { useRunTitle } from "./use-run-title";

/** Everything about one run: what it does, what it costs, where it leads. */
export function RunBoard({ run }: { run: LiveRun }) {
  const [settings, setSettings] = useState<CurveSettings>(() => ({
    smoothing: firstSmoothing(run.record.plan.totalSteps),
    scale: "linear",
  }));
  const [step, setStep] = useState<number | null>(null);
  const curves = useRunCurves(run, settings);
  const commands = useRunCommands(run);
  useRunTitle(run.record);
  const cursor = { step: step !== null && step <= curves.steps.length ? step : null, setStep };
  return (
    <Page>
      <RunHead run={run} commands={commands} curves={curves} />
      {commands.error && <CommandError error={commands.error} record={run.record} />}
      <div className="mb-4 grid grid-cols-1 gap-3 lg:grid-cols-[minmax(0,1fr)_344px]">
        <ProgressCard run={run} curves={curves} commands={commands} />
        <ConnectionCard run={run} className="order-last lg:order-none" />
        <LossCard curves={curves} cursor={cursor} settings={settings} onSettings={setSettings} />
        <MinisCard curves={curves} cursor={cursor} clipNorm={run.record.config.gradClipNorm} />
      </div>
      <RunTabs run={run} />
    </Page>
  );
}
