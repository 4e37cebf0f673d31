import { Check, CircleDashed, Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHead } from "@/components/ui/card";
import { TimeAgo } from "@/components/ui/time-ago";
import { FEATURE_NAMES, useServerFeatures } from "@/lib/query/server-features";

const LOOKS = {
  has: { icon: Check, ink: "text-ok" },
  lacks: { icon: Minus, ink: "text-muted" },
  unknown: { icon: CircleDashed, ink: "text-faint" },
} as const;

/** What is known of the connected server, and since when: what it lacks is closed on the other screens. */
export function KnownFeatures() {
  const t = useTranslations("features");
  const features = useServerFeatures();
  return (
    <Card className="mb-3" aria-label={t("title")}>
      <CardHead>
        <h2>{t("title")}</h2>
      </CardHead>
      <ul className="grid gap-x-6 px-3.5 py-2 sm:grid-cols-2">
        {FEATURE_NAMES.map((name) => {
          const known = features[name];
          const { icon: Icon, ink } = LOOKS[known ? (known.has ? "has" : "lacks") : "unknown"];
          return (
            <li
              key={name}
              className="grid grid-cols-[16px_minmax(0,1fr)_auto] items-baseline gap-x-3 py-1"
            >
              <Icon aria-hidden className={`mt-0.5 size-4 self-start ${ink}`} />
              <span>{t(known?.has === false ? `lacks.${name}` : `names.${name}`)}</span>
              <span className="text-small text-faint">
                {known ? <TimeAgo at={known.learnedAt} /> : t("unknown")}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
