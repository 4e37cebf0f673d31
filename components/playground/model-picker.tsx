import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Input } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/page";
import { Segments } from "@/components/ui/segments";
import { useLacks } from "@/lib/query/server-features";
import { isSameModel } from "./desk-state";
import { ModelButton } from "./model-button";
import { ModelGroupList } from "./model-group-list";
import { PANEL_NAMES } from "./panel-tabs";
import { RunningNow } from "./running-now";
import type { Desk } from "./use-desk";
import { useModelGroups } from "./use-model-groups";

/** Who answers in a panel: a base model, a checkpoint, or the running run as it is now. */
export function ModelPicker({
  desk,
  panel,
  onPanel,
}: {
  desk: Desk;
  panel: number;
  onPanel: (panel: number) => void;
}) {
  const t = useTranslations("playground");
  const lack = useTranslations("features.lacks");
  const lacksTraining = useLacks()("sample_training");
  const [search, setSearch] = useState("");
  const { models } = desk.state;
  const list = useModelGroups(search, models);
  const pick = {
    panelsOf: (model: (typeof models)[number]) =>
      models.flatMap((shown, index) => (isSameModel(shown, model) ? [index] : [])),
    panelCount: models.length,
    onPick: (model: (typeof models)[number]) => desk.setModel(panel, model),
  };
  return (
    <div role="group" aria-label={t("models")}>
      <div className="flex items-center gap-2">
        <h2 className="flex-1">{t("models")}</h2>
        {models.length > 1 && (
          <Segments
            label={t("panelToSet")}
            value={String(panel)}
            options={models.map((_, index) => ({
              value: String(index),
              label: PANEL_NAMES[index] ?? "",
            }))}
            onChange={(value) => onPanel(Number(value))}
          />
        )}
      </div>
      <div className="relative">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          type="search"
          className="pl-[34px]"
          aria-label={t("findModel")}
          placeholder={t("findModel")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="-mx-2 max-h-[44dvh] overflow-y-auto">
        {list.error ? (
          <ErrorNote
            error={list.error}
            className="mx-2"
            actions={
              <Button size="small" onClick={list.retry}>
                {t("retry")}
              </Button>
            }
          />
        ) : list.isPending ? (
          <Skeleton className="mx-2 h-24" />
        ) : (
          <>
            {list.baseModels.length > 0 && (
              <>
                <h3 className="px-2 py-1 text-small font-medium text-muted">{t("baseModels")}</h3>
                <ul>
                  {list.baseModels.map(({ name }) => (
                    <ModelButton
                      key={name}
                      label={name}
                      model={{
                        ...{ baseModel: name, path: null, runName: null, checkpointName: null },
                      }}
                      {...pick}
                    />
                  ))}
                </ul>
              </>
            )}
            <RunningNow serverId={desk.serverId} {...pick} />
            {lacksTraining && (
              <p className="px-2 py-1 text-small text-faint">{lack("sample_training")}</p>
            )}
            {list.groups.map((group) => (
              <ModelGroupList
                key={group.id}
                group={group}
                onToggle={() => list.toggle(group)}
                {...pick}
              />
            ))}
          </>
        )}
      </div>
    </div>
  );
}
