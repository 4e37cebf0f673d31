"use client";

import { useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import { Page, PageHead } from "@/components/ui/page";
import { ConfigCard } from "./config-card";
import { MachinesCard } from "./machines-card";
import { PlanForm } from "./plan-form";
import { useServerPlan } from "./use-server-plan";

/** From what there is to compute on to a Twinkle Server: its configuration file, and the commands that start it. */
export function OwnServerScreen() {
  const t = useTranslations("ownServer");
  const form = useServerPlan();
  return (
    <Page>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,360px)_minmax(0,1fr)]">
        <PlanForm form={form} />
        {form.setup ? (
          <div className="flex min-w-0 flex-col gap-5">
            <ConfigCard setup={form.setup} />
            <MachinesCard setup={form.setup} />
            <Note>{t("open")}</Note>
          </div>
        ) : (
          <Note tone="warn">{t("incomplete")}</Note>
        )}
      </div>
    </Page>
  );
}
