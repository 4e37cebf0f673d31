import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Tag } from "@/components/ui/tag";
import type { AnswerTurn, ModelChoice } from "@/lib/storage/conversation";
import { isSameModel, labelOf } from "./desk-state";

/** The figures of an answer in one faint line; the model only where it is another than the panel's. */
export function AnswerMeta({
  answer,
  model,
  children,
}: {
  answer: AnswerTurn;
  model: ModelChoice;
  children: ReactNode;
}) {
  const t = useTranslations("playground");
  const format = useFormatter();
  const { tokens, ms, firstTokenMs, end, settings } = answer;
  const seconds = (value: number) =>
    t("seconds", { value: format.number(value / 1000, { maximumFractionDigits: 2 }) });
  return (
    <div className="flex min-w-0 flex-1 basis-80 flex-wrap items-center gap-x-3 gap-y-0.5 text-small leading-5 text-faint num">
      {children}
      {!isSameModel(answer.model, model) && (
        <span className="text-muted">{labelOf(answer.model)}</span>
      )}
      {tokens !== null && <span>{t("tokens", { count: tokens })}</span>}
      <span>{seconds(ms)}</span>
      {firstTokenMs !== null && <span>{t("firstToken", { time: seconds(firstTokenMs) })}</span>}
      {tokens !== null && tokens > 0 && ms > 0 && (
        <span>{t("tokensPerSecond", { count: Math.round(tokens / (ms / 1000)) })}</span>
      )}
      <span>{t("temperatureShort", { value: settings.temperature })}</span>
      {end === "length" && <Tag tone="warn">{t("end.length")}</Tag>}
      {end === "aborted" && <Tag>{t("end.aborted")}</Tag>}
    </div>
  );
}
