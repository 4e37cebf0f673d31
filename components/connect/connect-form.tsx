"use client";

import { useQuery } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/page";
import { sessionQuery } from "@/lib/query/session";
import { ServerChoices } from "./server-choices";
import { useConnect } from "./use-connect";

export function ConnectForm() {
  const t = useTranslations("connect");
  const session = useQuery(sessionQuery());
  const form = useConnect(session.data);
  if (session.isError) return <ErrorNote error={session.error} />;
  if (!session.data) return <Skeleton className="h-96" />;
  return (
    <form
      className="flex min-w-0 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <ServerChoices session={session.data} value={form.choice} onChange={form.choose} />
      {form.choice === "address" && (
        <Field label={t("address")} help={t("addressHelp")}>
          {(control) => (
            <Input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              inputMode="url"
              className="font-mono"
              placeholder="http://gpu-box:8000"
              value={form.address}
              onChange={(event) => form.setAddress(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={t("token")}
        help={t(form.choice === "modelscope" ? "tokenHelpModelScope" : "tokenHelp")}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            className="font-mono"
            placeholder={form.choice === "modelscope" ? "ms-…" : t("tokenOptional")}
            value={form.token}
            onChange={(event) => form.setToken(event.target.value)}
          />
        )}
      </Field>
      {form.error !== null && <ErrorNote error={form.error} />}
      {form.runInTheWay && <Note tone="warn">{t("runInTheWay", { name: form.runInTheWay })}</Note>}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={form.isBusy}>
          <Plug />
          {form.isBusy ? t("checking") : t(form.runInTheWay ? "connectAndPause" : "connect")}
        </Button>
        {form.isConnected && (
          <span className="text-ok" role="status">
            {t("connected")}
          </span>
        )}
      </div>
    </form>
  );
}
