import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { localModelsQuery } from "@/lib/query/local-models";
import { useLacks } from "@/lib/query/server-features";
import { sessionQuery } from "@/lib/query/session";

const LOOK_MS = 500;

/** What an answer waits for before its first token: a model that was not used yet is read from disk first. */
export function Waiting({ count }: { count: number }) {
  const t = useTranslations("playground");
  const isWhole = useLacks()("streaming");
  const isLocal = useQuery(sessionQuery()).data?.isLocal ?? false;
  const { data } = useQuery({
    ...localModelsQuery(),
    enabled: isLocal,
    staleTime: 0,
    refetchInterval: LOOK_MS,
  });
  const loading = data?.served.find(({ state }) => state === "loading");
  if (loading) return t("loadingWeights", { model: loading.name });
  return t(isWhole ? "waitingWhole" : "waiting", { count });
}
