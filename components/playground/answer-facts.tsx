import { useTranslations } from "next-intl";
import type { AnswerTurn } from "@/lib/storage/conversation";

/** Everything that the answer was asked with. */
export function AnswerFacts({ answer: { model, settings, mode } }: { answer: AnswerTurn }) {
  const t = useTranslations("playground");
  const facts: [string, string | number][] = [
    [t("fact.baseModel"), model.baseModel],
    ...(model.path === null ? [] : [[t("fact.path"), model.path] as [string, string]]),
    ...(mode === "chat" && settings.system
      ? [[t("system"), settings.system] as [string, string]]
      : []),
    [t("temperature"), settings.temperature],
    [t("topP"), settings.topP],
    [t("topK"), settings.topK ?? t("off")],
    [t("maxTokens"), settings.maxTokens],
    [t("seed"), settings.seed ?? t("random")],
    [t("stop"), settings.stop.map((text) => JSON.stringify(text)).join(" ") || t("stopNone")],
  ];
  return (
    <dl className="mt-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-0.5 rounded-control bg-sunken px-3 py-2 text-small leading-5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="[overflow-wrap:anywhere] num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
