import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { capabilitiesQuery } from "@/lib/query/server";
import { isCut } from "@/lib/base/publish-outcome";
import type { PublishJob } from "@/lib/stores/publish-jobs";

/** What went wrong and who must do what; nothing that was trained or entered is lost. */
export function PublishFailure({
  job: { error },
  isAccountFine,
  onRetry,
  onBack,
}: {
  job: PublishJob;
  isAccountFine: boolean;
  onRetry: () => void;
  onBack: () => void;
}) {
  const t = useTranslations("publish");
  const tErrors = useTranslations("errors");
  const { data: capabilities } = useQuery(capabilitiesQuery());
  // Twinkle publishes with the modelscope package of its own; the studio just proved the token with the hub.
  const isServersPackage =
    error?.code === "unauthorized" &&
    isAccountFine &&
    capabilities !== undefined &&
    !capabilities.publishTakesHubToken;
  return (
    <>
      {error && (
        <Note tone="bad">
          <p className="font-[550]">{tErrors(error.code)}</p>
          <p className="text-muted">{error.message}</p>
        </Note>
      )}
      <Note tone={error ? "plain" : "bad"}>
        {error === null
          ? t("failure.notThere")
          : isServersPackage
            ? t("failure.serverPackage")
            : isCut(error)
              ? t("failure.cut")
              : t("failure.kept")}
      </Note>
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{t("back")}</Button>
        <Button look="primary" onClick={onRetry}>
          {t("retry")}
        </Button>
      </div>
    </>
  );
}
