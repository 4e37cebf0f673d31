import { useTranslations } from "next-intl";
import { DatasetRefusal } from "@/components/problems/dataset-refusal";
import { Note } from "@/components/ui/note";
import { StudioError } from "@/lib/base/errors";
import { isAddressWrong } from "./hub-source-fields";
import type { HubImport } from "./use-hub-import";

const CAUSES = ["parquet", "script", "no_data_files"] as const;
const CODES = ["not_found", "hub_unreachable", "unreachable", "too_large"] as const;

/** Why no dataset came of it, in words for a hub; a wrong address stands at its field. */
export function HubRefusal({ form: { address, error } }: { form: HubImport }) {
  const t = useTranslations("datasets");
  if (error === null || isAddressWrong(error)) return null;
  const title = t("refused.title", { name: address });
  const { code, details } = error instanceof StudioError ? error : {};
  const why =
    CAUSES.find((cause) => cause === details?.["cause"]) ?? CODES.find((known) => known === code);
  if (!why) return <DatasetRefusal title={title} error={error} />;
  return (
    <Note tone="bad">
      <p className="font-[550]">{title}</p>
      <p>{t(`hub.refused.${why}`)}</p>
      {why === "hub_unreachable" && <p className="text-small text-muted">{error.message}</p>}
    </Note>
  );
}
