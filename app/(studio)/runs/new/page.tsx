import { getTranslations } from "next-intl/server";
import { NewRunScreen } from "@/components/new-run/new-run-screen";

export async function generateMetadata() {
  return { title: (await getTranslations("newRun"))("title") };
}

export default function NewRunPage() {
  return <NewRunScreen />;
}
