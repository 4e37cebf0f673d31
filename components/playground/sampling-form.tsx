import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { NativeSelect } from "@/components/ui/field";
import { asksByChat } from "@/lib/query/sampling";
import { ignoredSettings } from "@/lib/query/sampling-params";
import { capabilitiesQuery, capacityQuery } from "@/lib/query/server";
import { useServerFeatures } from "@/lib/query/server-features";
import { NumberField } from "./number-field";
import { SliderField } from "./slider-field";
import { StopField } from "./stop-field";
import type { Desk } from "./use-desk";

const MOST_ANSWERS = 8;
const LARGEST_SEED = 2 ** 31 - 1;

/** How tokens are drawn. What will have no effect is disabled, with the reason. */
export function SamplingForm({ desk }: { desk: Desk }) {
  const t = useTranslations("playground");
  const lacks = useTranslations("features.lacks");
  const { settings, mode } = desk.state;
  const features = useServerFeatures();
  const { data: capabilities } = useQuery(capabilitiesQuery());
  const { data: capacity } = useQuery(capacityQuery());
  const isChat = asksByChat({ prompt: { mode }, settings }, features);
  // Only Twinkle tells its capacity, and only the studio's own server publishes with another token.
  const isTwinkle = Boolean(capacity) && capabilities?.publishTakesHubToken === false;
  const ignored = ignoredSettings(settings, { isTwinkle, isChat, seed: features.seed?.has });
  const why = (name: keyof typeof ignored) =>
    ignored[name] === undefined ? undefined : t(`ignored.${ignored[name]}`);
  return (
    <div>
      <h2>{t("sampling")}</h2>
      <SliderField
        label={t("temperature")}
        max={2}
        value={settings.temperature}
        onChange={(temperature) => desk.changeSettings({ temperature })}
      />
      <SliderField
        label={t("topP")}
        max={1}
        min={0.01}
        value={settings.topP}
        disabledBecause={why("topP")}
        onChange={(topP) => desk.changeSettings({ topP })}
      />
      {settings.temperature === 0 && <p className="text-small text-faint">{t("greedy")}</p>}
      <div className="grid grid-cols-2 gap-2.5">
        <NumberField
          label={t("topK")}
          value={settings.topK}
          min={1}
          max={1_000_000}
          placeholder={t("off")}
          disabledBecause={why("topK")}
          onChange={(topK) => desk.changeSettings({ topK })}
        />
        <NumberField
          label={t("maxTokens")}
          value={settings.maxTokens}
          min={1}
          max={100_000}
          onChange={(maxTokens) => maxTokens !== null && desk.changeSettings({ maxTokens })}
        />
        <NumberField
          label={t("seed")}
          value={settings.seed}
          min={0}
          max={LARGEST_SEED}
          placeholder={t("random")}
          disabledBecause={why("seed")}
          onChange={(seed) => desk.changeSettings({ seed })}
        />
        <label className="flex min-w-0 flex-col gap-1 font-[550]">
          {t("answers")}
          <NativeSelect
            className="font-normal num"
            value={settings.count}
            onChange={(event) => desk.changeSettings({ count: Number(event.target.value) })}
          >
            {Array.from({ length: MOST_ANSWERS }, (_, index) => (
              <option key={index}>{index + 1}</option>
            ))}
          </NativeSelect>
        </label>
      </div>
      <StopField stop={settings.stop} onChange={(stop) => desk.changeSettings({ stop })} />
      {features.streaming?.has === false && (
        <p className="text-small text-faint">{lacks("streaming")}</p>
      )}
    </div>
  );
}
