import { useTranslations } from "next-intl";
import { Dialog } from "@/components/ui/dialog";
import type { RunRecord } from "@/lib/training/types";
import { RunCode } from "./run-code";
import { SettingsList } from "./settings-list";

const KINDS = {
  settings: { Body: SettingsList, messages: "run.settingsDialog", width: "max-w-[560px]" },
  code: { Body: RunCode, messages: "run.code", width: "max-w-[760px]" },
} as const;
export type RunDialogKind = keyof typeof KINDS;

export interface RunDialogProps {
  kind: RunDialogKind;
  record: RunRecord;
  onClose: () => void;
}

/** What can be read of a run besides its board. */
export function RunDialog({ kind, record, onClose }: RunDialogProps) {
  const { Body, messages, width } = KINDS[kind];
  const t = useTranslations(messages);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { name: record.config.name })}
      description={t("lead")}
      className={width}
    >
      <Body record={record} />
    </Dialog>
  );
}
