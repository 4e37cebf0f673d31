"use client";

import { useQuery } from "@tanstack/react-query";
import { Square, Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNote } from "@/components/ui/error-note";
import { NativeSelect } from "@/components/ui/field";
import { Card, CardHead } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { EmptyState, Page, PageHead } from "@/components/ui/page";
import { doctorText } from "@/lib/query/doctor";
import { capabilitiesQuery } from "@/lib/query/server";
import { KnownFeatures } from "./known-features";
import { StepLine, StepUnderWay } from "./step-line";
import { useDoctor } from "./use-doctor";

const OUTCOMES = ["ok", "differs", "absent", "failed", "skipped"] as const;

/** Tries everything that a run needs on the connected server, in small, and says what each answer means. */
export function DoctorScreen() {
  const t = useTranslations("doctor");
  const common = useTranslations("common");
  const capabilities = useQuery(capabilitiesQuery());
  const [chosen, setChosen] = useState<string | null>(null);
  const doctor = useDoctor();
  const models = capabilities.data?.models ?? [];
  const model = chosen ?? models[0]?.name;
  const leftBehind = doctor.report?.leftBehind ?? [];
  const isEmpty = doctor.lines.length === 0 && !doctor.isRunning;
  return (
    <Page>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <NativeSelect
              aria-label={t("model")}
              className="w-auto max-w-64"
              value={model ?? ""}
              disabled={doctor.isRunning || models.length === 0}
              onChange={(event) => setChosen(event.target.value)}
            >
              {models.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </NativeSelect>
            {doctor.isRunning ? (
              <Button onClick={doctor.stop}>
                <Square />
                {t("stop")}
              </Button>
            ) : (
              <Button
                look="primary"
                disabled={!model}
                onClick={() => model && doctor.examine(model)}
              >
                <Stethoscope />
                {t(isEmpty ? "examine" : "again")}
              </Button>
            )}
          </>
        }
      />
      {capabilities.isError && <ErrorNote error={capabilities.error} className="mb-3" />}
      {doctor.error && <ErrorNote error={doctor.error} className="mb-3" />}
      {leftBehind.length > 0 && (
        <Note tone="warn" className="mb-3">
          {t("leftBehind", { names: leftBehind.join(", ") })}
        </Note>
      )}
      <KnownFeatures />
      <Card>
        {isEmpty ? (
          <EmptyState picture={<Stethoscope />} title={t("empty")}>
            <p>{t("emptyAbout")}</p>
          </EmptyState>
        ) : (
          <>
            <CardHead>
              <h2>{t("findings")}</h2>
              <span className="text-muted num" role="status">
                {OUTCOMES.map((outcome) => ({
                  outcome,
                  count: doctor.lines.filter((line) => line.outcome === outcome).length,
                }))
                  .filter(({ count }) => count > 0)
                  .map(({ outcome, count }) => `${count} ${t(`outcomes.${outcome}`)}`)
                  .join(" · ")}
              </span>
              {doctor.report && (
                <CopyButton
                  className="ml-auto"
                  text={doctorText(doctor.report)}
                  label={t("copy")}
                  copiedLabel={common("copied")}
                  withText
                />
              )}
            </CardHead>
            <ol className="divide-y divide-line">
              {doctor.lines.map((line) => (
                <StepLine key={line.step} line={line} />
              ))}
              {doctor.current && <StepUnderWay step={doctor.current} />}
            </ol>
          </>
        )}
      </Card>
    </Page>
  );
}
