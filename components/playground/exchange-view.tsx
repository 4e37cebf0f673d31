import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { askPlace, useLiveAsk } from "@/lib/stores/playground";
import { AnswerCards } from "./answer-cards";
import { AnswerView } from "./answer-view";
import type { Exchange } from "./exchanges";
import { LiveAnswer } from "./live-answer";
import type { PanelProps } from "./panel";
import { QuestionView } from "./question-view";

export interface ExchangeProps extends PanelProps {
  exchange: Exchange;
  /** Nothing follows it, so that its answers can still be chosen from. */
  isLast: boolean;
}

export function ExchangeView(props: ExchangeProps) {
  const t = useTranslations("playground");
  const { desk, panel, exchange, isLast } = props;
  const { question, answer, answers } = exchange;
  const live = useLiveAsk(askPlace(panel, question.id));
  return (
    <>
      <QuestionView {...props} />
      {live ? (
        <LiveAnswer ask={live} />
      ) : isLast && answers.length > 1 && answer ? (
        <AnswerCards {...props} chosen={answer} />
      ) : answer ? (
        <AnswerView {...props} answer={answer} />
      ) : (
        <div className="flex items-center gap-2 text-small text-muted">
          {t("unanswered")}
          <Button size="small" onClick={() => desk.askAgain(panel, question)}>
            {t("askAgain")}
          </Button>
        </div>
      )}
    </>
  );
}
