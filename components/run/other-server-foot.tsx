import { Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import { useServerName } from "@/components/ui/use-server-name";
import { paths } from "@/lib/config/paths";
import { FootLine } from "./foot-line";

/** A run goes on only where its weights are. */
export function OtherServerFoot({ serverId }: { serverId: string }) {
  const t = useTranslations("run");
  const nameOf = useServerName();
  return (
    <FootLine icon={Server} tone="warn">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
          {t("otherServer", { server: nameOf(serverId) })}
        </span>
        <ButtonLink size="small" href={paths.connect()}>
          {t("action.connect")}
        </ButtonLink>
      </div>
    </FootLine>
  );
}
