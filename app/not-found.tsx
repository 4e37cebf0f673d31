import { getTranslations } from "next-intl/server";
import { AppFrame } from "@/components/frame/app-frame";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState, Page, PageHead } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";

export default async function NotFound() {
  const t = await getTranslations();
  return (
    <AppFrame>
      <Page>
        <PageHead title={t("errors.notFound")} />
        <EmptyState title={t("errors.notFoundHelp")}>
          <ButtonLink href={paths.home()}>{t("nav.home")}</ButtonLink>
        </EmptyState>
      </Page>
    </AppFrame>
  );
}
