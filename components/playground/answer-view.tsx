import { useState } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import type { AnswerTurn } from "@/lib/storage/conversation";
import { AnswerActions } from "./answer-actions";
import { AnswerFacts } from "./answer-facts";
import { AnswerMeta } from "./answer-meta";
import { AnswerText } from "./answer-text";
import type { ExchangeProps } from "./exchange-view";
import { SiblingNav } from "./sibling-nav";

/** One answer with its figures and what can be done with it. */
export function AnswerView({ answer, ...props }: ExchangeProps & { answer: AnswerTurn }) {
  const { desk, panel, thread, exchange, isLast } = props;
  const [hasFacts, setHasFacts] = useState(false);
  const isWhole = answer.end === "stop" || answer.end === "length";
  return (
    <div className="group" data-testid="answer" data-state={isWhole ? "done" : answer.end}>
      {answer.text && <AnswerText text={answer.text} mode={answer.mode} />}
      {answer.error && <ErrorNote error={answer.error} className="mt-2" />}
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3">
        <AnswerMeta answer={answer} model={thread.model}>
          {!isLast && (
            <SiblingNav
              turns={exchange.answers}
              shown={answer}
              onChoose={(turn) => desk.choose(panel, turn)}
            />
          )}
        </AnswerMeta>
        <AnswerActions
          {...props}
          answer={answer}
          hasFacts={hasFacts}
          onFacts={() => setHasFacts(!hasFacts)}
        />
      </div>
      {hasFacts && <AnswerFacts answer={answer} />}
    </div>
  );
}
