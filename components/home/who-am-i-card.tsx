"use client";

import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Input } from "@/components/ui/field";
import { paths } from "@/lib/config/paths";
import { StartCard } from "./start-card";
import { useTrainSample } from "./use-train-sample";

export function WhoAmICard() {
  const t = useTranslations("home");
  const router = useRouter();
  const [name, setName] = useState("Nova");
  const [author, setAuthor] = useState("Acme Lab");
  const { train, stage, error, blockedBy } = useTrainSample((key) => router.push(paths.run(key)));
  const isMissing = name.trim() === "" || author.trim() === "";
  return (
    <StartCard
      title={t("whoAmI.title")}
      about={t("whoAmI.about")}
      foot={
        <>
          <Button
            look="primary"
            disabled={stage !== null || isMissing || blockedBy !== null}
            onClick={() => train({ id: "who-am-i", name: name.trim(), author: author.trim() })}
          >
            <Play />
            {t("whoAmI.train")}
          </Button>
          <span className="ml-auto min-w-44 text-right text-faint num" role="status">
            {stage
              ? t(`stage.${stage}`)
              : isMissing
                ? t("whoAmI.missing")
                : (blockedBy ?? t("whoAmI.rows"))}
          </span>
        </>
      }
    >
      <div className="mt-1.5 grid grid-cols-2 gap-2">
        <Input
          aria-label={t("whoAmI.name")}
          maxLength={40}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Input
          aria-label={t("whoAmI.author")}
          maxLength={40}
          value={author}
          onChange={(event) => setAuthor(event.target.value)}
        />
      </div>
      {error !== null && <ErrorNote error={error} className="mt-2" />}
    </StartCard>
  );
}
