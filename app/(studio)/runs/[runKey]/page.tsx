import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RunScreen } from "@/components/run/run-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("nav");
  return { title: t("runs") };
}

export default async function RunPage({ params }: { params: Promise<{ runKey: string }> }) {
  return <RunScreen runKey={decodeURIComponent((await params).runKey)} />;
}
