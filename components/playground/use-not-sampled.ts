import { useTranslations } from "next-intl";
import { useLacks } from "@/lib/query/server-features";
import type { ModelChoice } from "@/lib/storage/conversation";

/** Why the connected server cannot answer with a model; undefined for one that it can, as far as is known. */
export function useNotSampled(): (model: ModelChoice) => string | undefined {
  const t = useTranslations("features.lacks");
  const lacksTraining = useLacks()("sample_training");
  return ({ path }) =>
    lacksTraining && isTrainingPath(path ?? "") ? t("sample_training") : undefined;
}

/** `twinkle://RUN/weights/NAME`; what was saved for the sampler lies in `sampler_weights`. */
function isTrainingPath(path: string): boolean {
  return /:\/\/[^/]+\/weights\//.test(path);
}
