"use client";

import { Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { Page, PageHead } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { ConnectForm } from "./connect-form";
import { ServerCard } from "./server-card";

export function ConnectScreen() {
  const t = useTranslations("connect");
  return (
    <Page>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <ButtonLink href={paths.ownServer()}>
            <Server />
            {t("ownServer")}
          </ButtonLink>
        }
      />
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[5fr_6fr]">
        <ConnectForm />
        <ServerCard />
      </div>
    </Page>
  );
}
