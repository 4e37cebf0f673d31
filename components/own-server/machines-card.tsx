import { useTranslations } from "next-intl";
import { Card, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import type { ServerSetup, SetupCommand } from "@/lib/server-config/types";

interface Group {
  /** From 1, the head. */
  first: number;
  last: number;
  commands: readonly SetupCommand[];
}

/** What to type on which machine, and what each command does. */
export function MachinesCard({ setup }: { setup: ServerSetup }) {
  const t = useTranslations("ownServer");
  return (
    <Card aria-label={t("commands")}>
      <CardHead>
        <h2>{t("commands")}</h2>
      </CardHead>
      {groupAlike([setup.head, ...setup.workers]).map(({ first, last, commands }) => (
        <section key={first} className="border-b border-line last:border-b-0">
          <h3 className="px-3.5 pt-3 font-[600]">
            {first === 1 ? t("head") : t(first === last ? "worker" : "workers", { first, last })}
          </h3>
          <ol className="px-3.5 pt-1 pb-3.5">
            {commands.map((command) => (
              <CommandLine key={command.command} {...command} />
            ))}
          </ol>
        </section>
      ))}
    </Card>
  );
}

function CommandLine({ purpose, command }: SetupCommand) {
  const t = useTranslations("ownServer");
  const common = useTranslations("common");
  return (
    <li className="mt-2">
      <p className="text-muted">{t(`purpose.${purpose}`)}</p>
      <div className="mt-1 flex items-start gap-1 rounded-control bg-sunken py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 py-[3px] font-mono text-mono [overflow-wrap:anywhere]">
          {command}
        </code>
        <CopyButton text={command} label={common("copy")} copiedLabel={common("copied")} />
      </div>
    </li>
  );
}

/** Neighbours with the same commands stand together; the head stands alone. */
function groupAlike(machines: readonly (readonly SetupCommand[])[]): Group[] {
  const groups: Group[] = [];
  for (const [index, commands] of machines.entries()) {
    const before = groups.at(-1);
    const isAlike = before && JSON.stringify(before.commands) === JSON.stringify(commands);
    if (isAlike) before.last = index + 1;
    else groups.push({ first: index + 1, last: index + 1, commands });
  }
  return groups;
}
