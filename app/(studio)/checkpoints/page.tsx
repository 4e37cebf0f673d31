import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CheckpointsScreen } from "@/components/checkpoints/checkpoints-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("nav");
  return { title: t("checkpoints") };
}

export default function CheckpointsPage() {
  return <CheckpointsScreen />;
}
