import {
  Columns2,
  Ellipsis,
  Link as LinkIcon,
  MessageSquare,
  Play,
  Trash2,
  Upload,
  type LucideIcon,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Tooltip } from "@/components/ui/tooltip";
import { paths } from "@/lib/config/paths";
import type { Feature } from "@/lib/doctor/features";
import { useLacks } from "@/lib/query/server-features";
import type { CheckpointItem } from "./checkpoint-item";
import type { RowCalls } from "./checkpoint-table";
import { useCopied } from "@/components/ui/use-copied";

interface Action {
  name: string;
  icon: LucideIcon;
  run: () => void;
  /** Why it cannot be done. */
  blocked?: string | undefined;
}

/** Icons with their names on hover and focus; one menu where there is no room. */
export function RowActions({ item, onDelete, onPublish }: RowCalls & { item: CheckpointItem }) {
  const t = useTranslations("checkpoints.action");
  const lack = useTranslations("features.lacks");
  const lacks = useLacks();
  const without = (feature: Feature) => (lacks(feature) ? lack(feature) : undefined);
  const router = useRouter();
  const [isCopied, copy] = useCopied();
  const source = { path: item.path, run: item.runId };
  const actions: Action[] = [
    {
      ...{ name: t("chat"), icon: MessageSquare },
      run: () => router.push(paths.playground(source)),
    },
    {
      ...{ name: t("compare"), icon: Columns2 },
      run: () => router.push(paths.playground({ ...source, compare: item.baseModel ?? undefined })),
      blocked: item.baseModel === null ? t("compareBlocked") : undefined,
    },
    {
      ...{ name: t("continue"), icon: Play },
      run: () =>
        router.push(paths.newRun({ from: item.path, dataset: item.datasetId ?? undefined })),
      blocked: item.kind === "sampler" ? t("continueBlocked") : without("load"),
    },
    {
      ...{ name: t("publish"), icon: Upload },
      run: () => onPublish(item),
      blocked: without("publish"),
    },
    { ...{ name: isCopied ? t("copied") : t("copy"), icon: LinkIcon }, run: () => copy(item.path) },
    {
      ...{ name: t("delete"), icon: Trash2 },
      run: () => onDelete(item),
      blocked: without("delete"),
    },
  ];
  return (
    <>
      <span className="inline-flex @max-[560px]:hidden">
        {actions.map(({ name, icon: Icon, run, blocked }) => (
          <Tooltip key={name} text={blocked ? `${name}: ${blocked}` : name}>
            <Button
              look="ghost"
              size="small"
              square
              aria-label={`${name}: ${item.name}`}
              aria-disabled={blocked !== undefined}
              className="aria-disabled:cursor-not-allowed aria-disabled:text-line-strong"
              onClick={blocked === undefined ? run : undefined}
            >
              <Icon />
            </Button>
          </Tooltip>
        ))}
      </span>
      <span className="@min-[561px]:hidden">
        <Menu
          trigger={
            <Button look="ghost" size="small" square aria-label={t("more", { name: item.name })}>
              <Ellipsis />
            </Button>
          }
        >
          {actions.map(({ name, icon: Icon, run, blocked }) => (
            <MenuItem
              key={name}
              disabled={blocked !== undefined}
              onSelect={run}
              className="h-auto min-h-8 max-w-72 py-1"
            >
              <Icon className="shrink-0" />
              <span>
                {name}
                {blocked && <span className="block text-small">{blocked}</span>}
              </span>
            </MenuItem>
          ))}
        </Menu>
      </span>
    </>
  );
}
