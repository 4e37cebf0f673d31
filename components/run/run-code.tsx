import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { buttonClasses } from "@/components/ui/button-look";
import { CopyButton } from "@/components/ui/copy-button";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { sessionQuery } from "@/lib/query/session";
import { runAsCode, type CodeOfRun } from "@/lib/stores/run-as-code";
import type { RunRecord } from "@/lib/training/types";

/** The run as a command and as a script, to repeat it without a browser. */
export function RunCode({ record }: { record: RunRecord }) {
  const t = useTranslations("run.code");
  const [tab, setTab] = useState("command");
  const { data: session } = useQuery(sessionQuery());
  const isOfSession = session?.serverId === record.serverId;
  const serverUrl = isOfSession ? (session.serverUrl ?? undefined) : urlIn(record.serverId);
  const { command, python } = runAsCode(record.config, serverUrl);
  return (
    <Tabs value={tab} onValueChange={setTab} className="mt-3">
      <TabList aria-label={t("label")}>
        <Tab value="command">{t("command")}</Tab>
        <Tab value="python">{t("python")}</Tab>
      </TabList>
      <TabPanel value="command">
        <Code code={command} about={t("aboutCommand", { file: record.config.datasetName })} />
      </TabPanel>
      <TabPanel value="python">
        <Code code={python} about={t("aboutPython")} />
      </TabPanel>
    </Tabs>
  );
}

function Code({ code: { text, fileName }, about }: { code: CodeOfRun; about: string }) {
  const t = useTranslations("run.code");
  const common = useTranslations("common");
  return (
    <>
      <p className="mt-3 text-muted">{about}</p>
      <pre
        className="mt-2 max-h-[min(52vh,460px)] overflow-auto rounded-control bg-sunken px-3 py-2.5 font-mono text-mono"
        tabIndex={0}
        aria-label={fileName}
      >
        {text}
      </pre>
      <div className="mt-3 flex justify-end gap-2">
        <a
          className={buttonClasses({ size: "small" })}
          download={fileName}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          <Download />
          {t("download", { file: fileName })}
        </a>
        <CopyButton text={text} label={common("copy")} copiedLabel={common("copied")} withText />
      </div>
    </>
  );
}

/** A local server has another address each time. */
function urlIn(serverId: string): string | undefined {
  return URL.canParse(serverId) ? serverId : undefined;
}
