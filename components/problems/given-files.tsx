import { useMutation, useQuery } from "@tanstack/react-query";
import { FileCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { dropModelFilesMutation, hasGivenFilesQuery } from "@/lib/query/tokenizer";
import { ModelFilesDialog } from "./model-files-dialog";

/** That a model's files were given by hand, with the ways to change and to drop them; nothing for other models. */
export function GivenFiles({ model, className }: { model: string; className?: string }) {
  const t = useTranslations("modelFiles");
  const { data: isGiven } = useQuery(hasGivenFilesQuery(model));
  const { mutate: drop, isPending } = useMutation(dropModelFilesMutation(model));
  const [isChanging, setIsChanging] = useState(false);
  if (!isGiven) return null;
  return (
    <div className={cn("flex flex-wrap items-center gap-x-1.5 text-small text-muted", className)}>
      <span className="mr-1 flex min-w-0 gap-1.5">
        <FileCheck aria-hidden className="mt-px size-3.5 shrink-0 text-faint" />
        <span className="min-w-0 [overflow-wrap:anywhere]">{t("given", { model })}</span>
      </span>
      <Button size="small" look="ghost" onClick={() => setIsChanging(true)}>
        {t("change")}
      </Button>
      <Button size="small" look="ghost" disabled={isPending} onClick={() => drop()}>
        {t("remove")}
      </Button>
      {isChanging && <ModelFilesDialog model={model} onClose={() => setIsChanging(false)} />}
    </div>
  );
}
