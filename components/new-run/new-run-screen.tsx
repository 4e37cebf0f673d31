"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState, Page, PageHead } from "@/components/ui/page";
import { paths } from "@/lib/config/paths";
import { AdvancedSection } from "./advanced-section";
import { BasicsSection } from "./basics-section";
import { CheckpointNote } from "./checkpoint-note";
import { FormSkeleton } from "./form-skeleton";
import { LoraSection } from "./lora-section";
import { PlanCard } from "./plan-card";
import { SavingSection } from "./saving-section";
import { ServerNote } from "./server-note";
import { StartBar } from "./start-bar";
import { TrainingSection } from "./training-section";
import { useNewRun } from "./use-new-run";
import { useStart } from "./use-start";

export function NewRunScreen() {
  const t = useTranslations("newRun");
  const run = useNewRun();
  const start = useStart(run);
  const { form } = run;
  const hasNoDataset = run.datasets.data?.length === 0;
  return (
    <Page className="pb-0 sm:pb-12">
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          form?.isAnyEdited && (
            <Button look="ghost" onClick={form.reset}>
              {t("reset")}
            </Button>
          )
        }
      />
      {hasNoDataset ? (
        <NoDataset />
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            start.start();
          }}
        >
          <div className="grid items-start gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_340px]">
            <div className="min-w-0 text-form [&>section+section]:mt-5 [&>section+section]:border-t [&>section+section]:border-line [&>section+section]:pt-5">
              <ServerNote run={run} />
              <CheckpointNote run={run} />
              <BasicsSection run={run} />
              {form ? (
                <>
                  <TrainingSection form={form} plan={run.plan} />
                  <LoraSection form={form} isFixed={run.from !== null} />
                  <SavingSection form={form} plan={run.plan} />
                  <AdvancedSection form={form} />
                </>
              ) : (
                <FormSkeleton />
              )}
            </div>
            <PlanCard run={run} start={start} />
          </div>
          <StartBar run={run} start={start} />
        </form>
      )}
    </Page>
  );
}

function NoDataset() {
  const t = useTranslations("newRun");
  return (
    <EmptyState title={t("noDatasetYet")}>
      <p>{t("noDatasetHelp")}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <ButtonLink look="primary" href={paths.datasets()}>
          {t("import")}
        </ButtonLink>
        <ButtonLink href={paths.home()}>{t("samples")}</ButtonLink>
      </div>
    </EmptyState>
  );
}
