import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";

const CUT_AT = 20_000;

/** The line as it stands in the file; laid out over several lines where it is whole. */
export function RowRaw({ raw }: { raw: string }) {
  const t = useTranslations();
  return (
    <>
      <pre
        tabIndex={0}
        aria-label={t("datasets.row.raw")}
        className="min-h-0 flex-1 overflow-auto p-3.5 font-mono text-mono [overflow-wrap:anywhere] whitespace-pre-wrap -outline-offset-2"
      >
        {layOut(raw)}
      </pre>
      <div className="flex h-8 shrink-0 items-center gap-2 border-t border-line px-3.5 text-small text-faint">
        {raw.length >= CUT_AT && t("datasets.row.rawCut")}
        <CopyButton
          text={raw}
          label={t("datasets.row.copyRaw")}
          copiedLabel={t("common.copied")}
          withText
          className="-mr-2 ml-auto"
        />
      </div>
    </>
  );
}

function layOut(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
