import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import type { AnswerTurn } from "@/lib/storage/conversation";
import { AnswerView } from "./answer-view";
import type { ExchangeProps } from "./exchange-view";

/** Several answers to the last question: the chosen one is what the talk goes on from. */
export function AnswerCards({ chosen, ...props }: ExchangeProps & { chosen: AnswerTurn }) {
  const t = useTranslations("playground");
  const { desk, panel, exchange } = props;
  const { answers } = exchange;
  return (
    <ol
      aria-label={t("answerList", { count: answers.length })}
      className="grid grid-cols-1 gap-2.5 @min-[600px]:grid-cols-2"
    >
      {answers.map((answer, index) => {
        const isChosen = answer.id === chosen.id;
        return (
          <li key={answer.id} className="flex min-w-0">
            <Card className={cn("flex-1 px-3.5 py-2.5", isChosen && "border-accent")}>
              <div className="mb-1 flex min-h-[26px] items-center gap-2 text-small text-faint num max-sm:min-h-8">
                {index + 1}/{answers.length}
                {isChosen ? (
                  <span className="ml-auto text-accent-text">{t("goesOn")}</span>
                ) : (
                  <Button
                    look="ghost"
                    size="small"
                    className="ml-auto"
                    onClick={() => desk.choose(panel, answer)}
                  >
                    {t("goOnFrom")}
                  </Button>
                )}
              </div>
              <AnswerView {...props} answer={answer} />
            </Card>
          </li>
        );
      })}
    </ol>
  );
}
