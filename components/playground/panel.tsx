import { useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Note } from "@/components/ui/note";
import { EmptyState } from "@/components/ui/page";
import { formatCount } from "@/lib/base/format";
import { capabilitiesQuery } from "@/lib/query/server";
import type { Thread } from "@/lib/storage/conversation";
import { labelOf } from "./desk-state";
import { ExchangeView } from "./exchange-view";
import { exchangesOf } from "./exchanges";
import { PANEL_NAMES } from "./panel-tabs";
import { TokenizerNote } from "./tokenizer-note";
import type { Desk } from "./use-desk";
import { useStickToEnd } from "./use-stick-to-end";

const TOY_PARAMETERS = 20_000_000;

export interface PanelProps {
  desk: Desk;
  thread: Thread;
  /** Number of the panel, from 0. */
  panel: number;
}

/** One thread: who answers, and what was said. */
export function Panel({ desk, thread, panel, isInSight }: PanelProps & { isInSight: boolean }) {
  const t = useTranslations("playground");
  const talk = useStickToEnd<HTMLDivElement>();
  const exchanges = exchangesOf(thread);
  const { model } = thread;
  const { data: capabilities } = useQuery(capabilitiesQuery());
  const served = capabilities?.models.find(({ name }) => name === model.baseModel);
  const isToy = (served?.parameterCount ?? Infinity) < TOY_PARAMETERS;
  const isAlone = desk.threads.length === 1;
  return (
    <article
      aria-label={isAlone ? t("talk") : t("inPanel", { panel: PANEL_NAMES[panel] ?? "" })}
      className={cn(
        "flex min-h-0 min-w-0 flex-col border-line [&+&]:min-[900px]:border-l",
        !isInSight && "max-[899px]:hidden",
      )}
    >
      <header className="flex min-h-10 shrink-0 items-center gap-2 px-3.5 sm:px-5">
        {!isAlone && (
          <span
            aria-hidden
            className="grid size-[18px] shrink-0 place-items-center rounded-[5px] bg-hover text-tiny font-semibold text-muted"
          >
            {PANEL_NAMES[panel]}
          </span>
        )}
        <b className="min-w-0 truncate font-[550]" title={model.path ?? model.baseModel}>
          {labelOf(model)}
        </b>
        <span className="min-w-0 shrink-[2] truncate text-faint">
          {model.path === null ? t("baseModel") : model.baseModel}
        </span>
      </header>
      <div
        ref={talk}
        role="log"
        aria-label={labelOf(model)}
        aria-busy={desk.isAnswering}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto px-3.5 pt-1 pb-6 -outline-offset-2 sm:px-5"
      >
        <div className="@container mx-auto flex max-w-[720px] flex-col gap-5 text-form leading-[23px]">
          {capabilities && !served && (
            <Note tone="warn">{t("notServed", { model: model.baseModel })}</Note>
          )}
          <TokenizerNote model={model.baseModel} mode={desk.state.mode} />
          {exchanges.length === 0 && (
            <EmptyState
              picture={<MessageSquare />}
              title={t(desk.state.mode === "chat" ? "empty.chat" : "empty.text")}
            >
              {isToy && <p>{t("toy", { count: formatCount(served?.parameterCount ?? 0) })}</p>}
            </EmptyState>
          )}
          {exchanges.map((exchange, index) => (
            <ExchangeView
              key={exchange.question.id}
              {...{ desk, thread, panel, exchange }}
              isLast={index === exchanges.length - 1}
            />
          ))}
        </div>
      </div>
    </article>
  );
}
