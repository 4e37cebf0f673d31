import { getTranslations } from "next-intl/server";
import { DatasetsScreen } from "@/components/datasets/datasets-screen";

export async function generateMetadata() {
  return { title: (await getTranslations("datasets"))("title") };
}

export default function DatasetsPage() {
  return <DatasetsScreen />;
}
