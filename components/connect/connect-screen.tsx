"use client";

import { useTranslations } from "next-intl";
import { Page, PageHead } from "@/components/ui/page";
import { ConnectForm } from "./connect-form";
import { ServerCard } from "./server-card";

export function ConnectScreen() {
  const t = useTranslations("connect");
  return (
    <Page>
      <PageHead title={t("title")} lead={t("lead")} />
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[5fr_6fr]">
        <ConnectForm />
        <ServerCard />
      </div>
    </Page>
  );
}
