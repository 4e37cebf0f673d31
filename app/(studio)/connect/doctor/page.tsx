import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DoctorScreen } from "@/components/doctor/doctor-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("doctor");
  return { title: t("title") };
}

export default function DoctorPage() {
  return <DoctorScreen />;
}
