import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConnectScreen } from "@/components/connect/connect-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("nav");
  return { title: t("server") };
}

export default function ConnectPage() {
  return <ConnectScreen />;
}
