"use client";

import { useMutation } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { paths } from "@/lib/config/paths";
import { StartCard } from "./start-card";

export function PigLatinCard() {
  const t = useTranslations("home");
  const router = useRouter();
  const open = useMutation({
    mutationFn: async () => {
      const { importSample } = await import("@/lib/stores/quick-start");
      return importSample({ id: "pig-latin" }, { signal: new AbortController().signal });
    },
    onSuccess: (dataset) => router.push(paths.dataset(dataset.id)),
  });
  return (
    <StartCard
      title={t("pigLatin.title")}
      about={t("pigLatin.about")}
      foot={
        <>
          <Button disabled={open.isPending} onClick={() => open.mutate()}>
            <ArrowRight />
            {t("pigLatin.open")}
          </Button>
          <span className="ml-auto text-faint num">{t("pigLatin.rows")}</span>
        </>
      }
    >
      <div lang="en" className="mt-1.5 rounded-control bg-sunken px-2.5 py-2 font-mono text-mono">
        <span className="text-faint">English:</span> banana split
        <br />
        <span className="text-faint">Pig Latin:</span> anana-bay plit-say
      </div>
      {open.isError && <ErrorNote error={open.error} className="mt-2" />}
    </StartCard>
  );
}
