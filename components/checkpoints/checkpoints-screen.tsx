"use client";

import { Layers } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { EmptyState, Page, PageHead } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { BulkBar } from "./bulk-bar";
import type { CheckpointItem } from "./checkpoint-item";
import { CheckpointFilters } from "./checkpoint-filters";
import { CheckpointTable, CheckpointTableSkeleton } from "./checkpoint-table";
import { DeleteDialog } from "./delete-dialog";
import { PublishDialog } from "./publish-dialog";
import { useCheckpointGroups } from "./use-checkpoint-groups";
import { useCheckpointsView } from "./use-checkpoints-view";

export function CheckpointsScreen() {
  const t = useTranslations("checkpoints");
  const format = useFormatter();
  const view = useCheckpointsView();
  const list = useCheckpointGroups(view);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<CheckpointItem[] | null>(null);
  const shown = list.groups.flatMap((group) => (group.isOpen ? group.items : []));
  const chosen = shown.filter(({ key }) => selected.has(key));
  const published = list.groups
    .flatMap(({ items }) => items)
    .find(({ path }) => path === view.publish);

  return (
    <Page className="@container">
      <PageHead
        title={t("title")}
        lead={t("lead", { runs: list.isPending ? "–" : format.number(list.runCount) })}
      />
      <CheckpointFilters view={view} baseModels={list.baseModels} />
      {list.error && !list.isPending ? (
        <ErrorNote
          error={list.error}
          actions={<Button onClick={list.refetch}>{t("reload")}</Button>}
        />
      ) : list.isPending ? (
        <CheckpointTableSkeleton />
      ) : list.runCount === 0 ? (
        <EmptyState picture={<Layers />} title={t("empty.title")}>
          <p>{t("empty.help")}</p>
          <ButtonLink look="primary" href={paths.home()}>
            {t("empty.start")}
          </ButtonLink>
        </EmptyState>
      ) : list.groups.length === 0 ? (
        <EmptyState picture={<Layers />} title={t(list.isComplete ? "noMatch" : "searching")}>
          <Button onClick={() => view.show({ q: "", model: "" })}>{t("clearFilters")}</Button>
        </EmptyState>
      ) : (
        <CheckpointTable
          groups={list.groups}
          onToggle={list.toggle}
          selected={selected}
          onSelect={setSelected}
          onDelete={(item) => setDeleting([item])}
          onPublish={(item) => view.show({ publish: item.path })}
        />
      )}
      {chosen.length > 0 && (
        <BulkBar
          items={chosen}
          onDelete={() => setDeleting(chosen)}
          onClear={() => setSelected(new Set())}
        />
      )}
      {deleting && <DeleteDialog items={deleting} onClose={() => setDeleting(null)} />}
      {view.publish !== "" && (
        <PublishDialog
          item={published ?? null}
          isLooking={!list.isComplete}
          onClose={() => view.show({ publish: "" })}
        />
      )}
    </Page>
  );
}
