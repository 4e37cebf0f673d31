import { getTranslations } from "next-intl/server";
import { DatasetScreen } from "@/components/datasets/dataset-screen";

export async function generateMetadata() {
  return { title: (await getTranslations("datasets"))("one") };
}

export default async function DatasetPage({ params }: PageProps<"/datasets/[datasetId]">) {
  const { datasetId } = await params;
  return <DatasetScreen datasetId={decodeURIComponent(datasetId)} />;
}
