"use client";

import { useTranslations } from "next-intl";
import { RadioGroup } from "radix-ui";
import { Dot, Tag } from "@/components/ui/tag";
import type { SessionInfo } from "@/lib/config/studio-api";

export interface ServerChoicesProps {
  session: SessionInfo;
  value: string;
  onChange: (choice: string) => void;
}

/** The presets, and any address where the studio may connect to any. */
export function ServerChoices({ session, value, onChange }: ServerChoicesProps) {
  const t = useTranslations("connect");
  const isPreset = session.presets.some(({ url }) => url === session.serverUrl);
  const choices = [
    ...session.presets.map(({ id, url }) => ({
      id,
      name: id === "local" ? t("local") : id === "modelscope" ? t("modelscope") : id,
      about: id === "local" ? t("localAbout") : id === "modelscope" ? t("modelscopeAbout") : url,
      isCurrent: session.connected && url === session.serverUrl,
    })),
    ...(session.canEnterAddress
      ? [
          {
            id: "address",
            name: t("other"),
            about: t("otherAbout"),
            isCurrent: session.connected && !isPreset,
          },
        ]
      : []),
  ];
  return (
    <RadioGroup.Root
      aria-label={t("which")}
      value={value}
      onValueChange={onChange}
      className="overflow-hidden rounded-card border border-line bg-surface"
    >
      {choices.map(({ id, name, about, isCurrent }) => (
        <RadioGroup.Item
          key={id}
          value={id}
          className="group grid w-full grid-cols-[18px_minmax(0,1fr)_auto] gap-x-2.5 border-b border-line px-3.5 py-3 text-left -outline-offset-2 last:border-b-0 hover:bg-hover data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden
            className="mt-0.5 size-4 rounded-full border-[1.5px] border-line-strong bg-surface group-data-[state=checked]:border-[5px] group-data-[state=checked]:border-accent"
          />
          <span className="font-[600]">{name}</span>
          {isCurrent ? (
            <Tag tone="ok">
              <Dot tone="ok" />
              {t("current")}
            </Tag>
          ) : (
            <span />
          )}
          <span className="col-start-2 col-end-4 text-muted">{about}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
