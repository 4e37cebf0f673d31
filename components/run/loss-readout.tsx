import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { readingText, type LossReading } from "./loss-reading";

/** The figures under the cursor, else the newest; of fixed width, so that they stand still while it moves. */
export function LossReadout({ reading }: { reading: LossReading | null }) {
  const t = useTranslations("run.charts");
  const format = useFormatter();
  const text = reading && readingText(reading);
  return (
    <div className="order-last flex h-4 w-full gap-x-3.5 text-small whitespace-nowrap text-muted num @[600px]:order-none @[600px]:ml-auto @[600px]:w-auto">
      {reading && text && (
        <>
          <Figure name={t("readStep")} className="min-w-[4ch] text-ink">
            {format.number(reading.step)}
          </Figure>
          <Figure name={t("readTrain")} className="min-w-[5ch] text-accent-text">
            {text.train}
          </Figure>
          <span className="hidden @[420px]:inline">
            <Figure name={t("readRaw")} className="min-w-[5ch] text-ink">
              {text.raw}
            </Figure>
          </span>
          <Figure name={t("readValidation")} className="min-w-[5ch] text-s2-text">
            {text.validation}
          </Figure>
          <span className="hidden min-w-[8ch] text-right @[720px]:inline-block">
            {format.dateTime(reading.at, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}
          </span>
        </>
      )}
    </div>
  );
}

interface FigureProps {
  name: string;
  className: string;
  children: ReactNode;
}

function Figure({ name, className, children }: FigureProps) {
  return (
    <span>
      {name} <b className={cn("inline-block text-right font-semibold", className)}>{children}</b>
    </span>
  );
}
