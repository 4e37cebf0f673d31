import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { Input, NativeSelect } from "@/components/ui/field";
import type { useCheckpointsView } from "./use-checkpoints-view";

export function CheckpointFilters({
  view,
  baseModels,
}: {
  view: ReturnType<typeof useCheckpointsView>;
  baseModels: string[];
}) {
  const t = useTranslations("checkpoints");
  const models =
    view.model === "" || baseModels.includes(view.model) ? baseModels : [view.model, ...baseModels];
  return (
    <div className="mb-3 flex flex-wrap gap-2" role="search">
      <div className="relative min-w-0 flex-[1_1_100%] sm:max-w-[300px] sm:flex-1">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          type="search"
          className="pl-[34px]"
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={view.q}
          onChange={(event) => view.show({ q: event.target.value })}
        />
      </div>
      <NativeSelect
        className="w-auto min-w-0 flex-1 sm:max-w-60 sm:flex-none"
        aria-label={t("model")}
        value={view.model}
        onChange={(event) => view.show({ model: event.target.value })}
      >
        <option value="">{t("allModels")}</option>
        {models.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </NativeSelect>
    </div>
  );
}
