import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/page";
import { toErrorReport } from "@/lib/base/errors";
import { paths } from "@/lib/config/paths";
import { HUB_TOKEN_PAGE, type HubAccount } from "@/lib/config/studio-api";
import { capabilitiesQuery } from "@/lib/query/server";
import { hubTokenMutation } from "@/lib/query/session";

const TOKEN_CODES = ["hub_token_missing", "hub_token_refused"];

/** Why the account cannot publish, where to get a token that can, and where to put it. */
export function PublishToken({ account }: { account: UseQueryResult<HubAccount> }) {
  const t = useTranslations("publish");
  const capabilities = useQuery(capabilitiesQuery());
  const code = account.error ? toErrorReport(account.error).code : "hub_token_read_only";
  if (account.error && !TOKEN_CODES.includes(code)) {
    return (
      <ErrorNote
        error={account.error}
        actions={<Button onClick={() => void account.refetch()}>{t("checkAgain")}</Button>}
      />
    );
  }
  const reason =
    code === "hub_token_missing"
      ? "missing"
      : code === "hub_token_refused"
        ? "refused"
        : "readOnly";
  return (
    <>
      <Note tone={reason === "missing" ? "plain" : "warn"}>
        <p className="font-[550]">{t(`token.${reason}`)}</p>
        <p className="mt-0.5 text-muted">
          {t.rich("token.where", {
            page: () => (
              <a
                href={HUB_TOKEN_PAGE}
                target="_blank"
                rel="noreferrer"
                className="text-accent-text underline"
              >
                {HUB_TOKEN_PAGE.replace("https://", "")}
              </a>
            ),
          })}
        </p>
      </Note>
      {capabilities.isPending ? (
        <Skeleton className="h-14" />
      ) : capabilities.data?.publishTakesHubToken ? (
        <TokenForm />
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-60 text-muted">{t("token.connectAgain")}</p>
          <ButtonLink href={paths.connect()}>{t("token.connect")}</ButtonLink>
        </div>
      )}
    </>
  );
}

function TokenForm() {
  const t = useTranslations("publish.token");
  const client = useQueryClient();
  const keep = useMutation(hubTokenMutation(client));
  const [token, setToken] = useState("");
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(token, { onSuccess: () => setToken("") });
      }}
    >
      <Field label={t("label")} help={t("help")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder="ms-…"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      {keep.isError && <ErrorNote error={keep.error} />}
      <Button
        type="submit"
        look="primary"
        className="self-end"
        disabled={token.trim() === "" || keep.isPending}
      >
        {t(keep.isPending ? "checking" : "use")}
      </Button>
    </form>
  );
}
