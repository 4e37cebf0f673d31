import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OwnServerScreen } from "@/components/own-server/own-server-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("ownServer");
  return { title: t("title") };
}

export default function OwnServerPage() {
  return <OwnServerScreen />;
}
