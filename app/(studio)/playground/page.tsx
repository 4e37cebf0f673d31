import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PlaygroundScreen } from "@/components/playground/playground-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("nav");
  return { title: t("playground") };
}

export default function PlaygroundPage() {
  return <PlaygroundScreen />;
}
