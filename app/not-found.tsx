import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { EmptyState, Page } from "@/components/ui/page";

export default async function NotFound() {
  const t = await getTranslations();
  return (
    <Page>
      <EmptyState title={t("errors.notFound")}>
        <p>{t("errors.notFoundHelp")}</p>
        <Button asChild>
          <Link href="/">{t("nav.home")}</Link>
        </Button>
      </EmptyState>
    </Page>
  );
}
