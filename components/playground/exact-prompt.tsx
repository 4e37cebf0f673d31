import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/page";
import { encodedPromptQuery, type Prompt } from "@/lib/query/sampling";
import type { ModelChoice } from "@/lib/storage/conversation";

/** What the model saw: the text that the chat template makes, and its token ids. */
export function ExactPrompt({
  model,
  prompt,
  onClose,
}: {
  model: ModelChoice;
  prompt: Prompt;
  onClose: () => void;
}) {
  const t = useTranslations("playground");
  const encoded = useQuery(encodedPromptQuery(model.baseModel, prompt));
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("exactPrompt")}
      description={t("exactPromptHelp", { model: model.baseModel })}
      className="max-w-[680px]"
    >
      <div className="mt-4 flex flex-col gap-4">
        {encoded.isPending && <Skeleton className="h-40" />}
        {encoded.isError && <ErrorNote error={encoded.error} />}
        {encoded.data && (
          <>
            <Block name={t("promptText")} text={encoded.data.text} />
            <Block
              name={t("promptIds", { count: encoded.data.ids.length })}
              text={encoded.data.ids.join(" ")}
            />
            {encoded.data.stop.length > 0 && (
              <p className="text-small text-muted">
                {t("promptStop", {
                  stop: encoded.data.stop.map((s) => JSON.stringify(s)).join(" "),
                })}
              </p>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function Block({ name, text }: { name: string; text: string }) {
  const t = useTranslations("playground");
  return (
    <section>
      <div className="flex items-center justify-between">
        <h3>{name}</h3>
        <CopyButton text={text} label={t("copyThis", { name })} copiedLabel={t("copied")} />
      </div>
      <pre
        role="group"
        tabIndex={0}
        aria-label={name}
        className="mt-1 max-h-56 overflow-auto rounded-control bg-sunken p-2.5 font-mono text-mono [overflow-wrap:anywhere] whitespace-pre-wrap"
      >
        {text}
      </pre>
    </section>
  );
}
