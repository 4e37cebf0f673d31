import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/config/paths";
import type { NewRun } from "./use-new-run";

/** That no training server can be asked for its models, and the way to one. */
export function ServerNote({ run: { session, capabilities } }: { run: NewRun }) {
  const t = useTranslations("newRun");
  const connect = (
    <ButtonLink size="small" href={paths.connect()}>
      {t("connect")}
    </ButtonLink>
  );
  if (session.data?.connected === false) {
    return (
      <Note tone="warn" actions={connect} className="mb-5">
        {t("blocked.no_server")}
      </Note>
    );
  }
  const error = session.error ?? capabilities.error;
  return error && <ErrorNote error={error} actions={connect} className="mb-5" />;
}
