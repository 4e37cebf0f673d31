import { Check, CircleAlert, LoaderCircle, Minus, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { DoctorLine, DoctorOutcome, DoctorStep, Exchange } from "@/lib/doctor/types";

const LOOKS: Record<DoctorOutcome, { icon: typeof Check; ink: string }> = {
  ok: { icon: Check, ink: "text-ok" },
  differs: { icon: TriangleAlert, ink: "text-warn" },
  absent: { icon: Minus, ink: "text-muted" },
  failed: { icon: CircleAlert, ink: "text-bad" },
  skipped: { icon: Minus, ink: "text-faint" },
};

/** What one step came to, with every call and answer behind "Details". */
export function StepLine({ line }: { line: DoctorLine }) {
  const t = useTranslations("doctor");
  const common = useTranslations("common");
  const frame = useTranslations("frame");
  const format = useFormatter();
  const { step, outcome, code, error, facts, ms, exchanges } = line;
  const { icon: Icon, ink } = LOOKS[outcome];
  const figures = Object.entries(facts ?? {}).map(([name, value]) => `${name} ${figure(value)}`);
  return (
    <Row
      icon={<Icon aria-hidden className={`size-4 ${ink}`} />}
      step={step}
      end={frame("latency", { ms: format.number(Math.round(ms)) })}
    >
      <p>
        <span className="sr-only">{t(`outcomes.${outcome}`)}: </span>
        {t(`codes.${code}`)}
      </p>
      {error && <p className="text-bad">{error.message}</p>}
      {figures.length > 0 && (
        <p className="font-mono text-tiny [overflow-wrap:anywhere] text-faint">
          {figures.join(" · ")}
        </p>
      )}
      {exchanges.length > 0 && (
        <details className="text-small text-muted">
          <summary className="w-fit cursor-pointer">{common("details")}</summary>
          <pre
            className="mt-1 max-h-72 overflow-auto rounded-control bg-sunken p-2 font-mono [overflow-wrap:anywhere] whitespace-pre-wrap"
            tabIndex={0}
          >
            {exchanges.map(exchangeText).join("\n\n")}
          </pre>
        </details>
      )}
    </Row>
  );
}

/** The step that the server is busy with. */
export function StepUnderWay({ step }: { step: DoctorStep }) {
  const t = useTranslations("doctor");
  return (
    <Row
      icon={<LoaderCircle aria-hidden className="size-4 animate-spin text-accent-text" />}
      step={step}
    >
      <p className="text-muted">{t("underWay")}</p>
    </Row>
  );
}

function Row({
  icon,
  step,
  end,
  children,
}: {
  icon: ReactNode;
  step: DoctorStep;
  end?: string;
  children: ReactNode;
}) {
  const t = useTranslations("doctor");
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-3 px-3.5 py-2.5 sm:grid-cols-[16px_160px_minmax(0,1fr)_auto]">
      <span className="mt-0.5">{icon}</span>
      <b className="font-[550]">{t(`steps.${step}`)}</b>
      <div className="col-[2/-1] row-start-2 min-w-0 sm:col-start-3 sm:col-end-4 sm:row-start-1">
        {children}
      </div>
      <span className="col-start-3 row-start-1 text-right text-faint num sm:col-start-4">
        {end}
      </span>
    </li>
  );
}

function figure(value: string | number): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}

function exchangeText({ method, path, sent, status, got }: Exchange): string {
  return `${method} ${path}${sent === null ? "" : ` ${sent}`}\n→ ${status === null ? "" : `HTTP ${status} `}${got}`;
}
