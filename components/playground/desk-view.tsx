import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { Composer } from "./composer";
import { DeskBar } from "./desk-bar";
import type { DeskState } from "./desk-state";
import { Panel } from "./panel";
import { PanelTabs } from "./panel-tabs";
import { Sidebar } from "./sidebar";
import { useDesk } from "./use-desk";
import { show, type Opening } from "./use-opening";

interface DeskViewProps extends Opening {
  onOpen: (chat: string) => void;
  onNew: (state: DeskState) => void;
}

/** Settings at the side, one or two panels, one place to write. */
export function DeskView({ id, serverId, conversation, initial, onOpen, onNew }: DeskViewProps) {
  const t = useTranslations("playground");
  const desk = useDesk({
    ...{ id, serverId, conversation, initial },
    onStarted: () => show({ chat: id }),
  });
  /** The panel that the list of models sets, and the one in sight where there is room for one. */
  const [panel, setPanel] = useState(0);
  const active = Math.min(panel, desk.threads.length - 1);
  return (
    <div className="grid h-full min-w-0 grid-cols-1 grid-rows-[auto_minmax(0,1fr)] min-[900px]:grid-cols-[272px_minmax(0,1fr)] min-[900px]:grid-rows-1">
      <Sidebar desk={desk} panel={active} onPanel={setPanel} />
      <section
        aria-label={t("conversation")}
        className="grid min-h-0 min-w-0 grid-cols-1 grid-rows-[48px_auto_minmax(0,1fr)_auto]"
      >
        <DeskBar
          desk={desk}
          conversation={conversation}
          onOpen={onOpen}
          onNew={() => onNew(desk.state)}
          onCompared={() => setPanel(1)}
        />
        <PanelTabs threads={desk.threads} panel={active} onPanel={setPanel} />
        <div className="grid min-h-0 min-w-0 auto-cols-fr grid-flow-col border-t border-line">
          {desk.threads.map((thread, index) => (
            <Panel
              key={index}
              desk={desk}
              thread={thread}
              panel={index}
              isInSight={index === active}
            />
          ))}
        </div>
        <div className="px-2.5 pb-2 sm:px-6 sm:pb-3">
          {desk.saveError && (
            <ErrorNote error={desk.saveError} className="mx-auto mb-2 max-w-[880px]" />
          )}
          <Composer desk={desk} />
        </div>
      </section>
    </div>
  );
}
