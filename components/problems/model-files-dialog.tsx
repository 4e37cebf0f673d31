import { useMutation } from "@tanstack/react-query";
import { FolderDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState, type DragEvent } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Note } from "@/components/ui/note";
import { giveModelFilesMutation, MODEL_FILES, type ModelFiles } from "@/lib/query/tokenizer";
import { ModelFileLine } from "./model-file-line";
import { droppedFiles } from "./picked-files";

/** Takes the files of a model's folder, and says of each what is wrong with it. */
export function ModelFilesDialog({ model, onClose }: { model: string; onClose: () => void }) {
  const t = useTranslations();
  const [picked, setPicked] = useState<ModelFiles>({});
  const [isUseless, setIsUseless] = useState(false);
  const give = useMutation(giveModelFilesMutation(model));

  const take = (files: File[]) => {
    const found = MODEL_FILES.flatMap(({ name }) => {
      const file = files.find((other) => other.name === name);
      return file ? [[name, file] as const] : [];
    });
    setIsUseless(found.length === 0);
    setPicked((was) => ({ ...was, ...Object.fromEntries(found) }));
    give.reset();
  };
  const use = () =>
    give.mutate(picked, { onSuccess: (faults) => faults.length === 0 && onClose() });

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("modelFiles.title", { model })}
      description={t("modelFiles.help")}
    >
      <DropZone onFiles={take} />
      <ul aria-live="polite" className="mt-3 flex flex-col gap-1.5">
        {MODEL_FILES.map(({ name, isNeeded }) => (
          <ModelFileLine
            key={name}
            {...{ name, isNeeded, file: picked[name] }}
            fault={give.data?.find(({ file }) => file === name)}
          />
        ))}
      </ul>
      {isUseless && (
        <Note tone="warn" className="mt-3">
          {t("modelFiles.useless")}
        </Note>
      )}
      {give.error && <ErrorNote error={give.error} className="mt-3" />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          look="primary"
          disabled={give.isPending || Object.keys(picked).length === 0}
          onClick={use}
        >
          {t("modelFiles.use")}
        </Button>
      </div>
    </Dialog>
  );
}

function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const t = useTranslations("modelFiles");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void droppedFiles(event.dataTransfer).then(onFiles, () => onFiles([]));
  };
  return (
    <div
      className={cn(
        "mt-3 flex flex-wrap items-center gap-3 rounded-card border border-dashed px-4 py-3",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <FolderDown aria-hidden className="size-5 shrink-0 stroke-[1.5] text-faint" />
      <p className="min-w-0 flex-1 basis-28">{t("drop")}</p>
      <Button onClick={() => input.current?.click()}>{t("choose")}</Button>
      <input
        ref={input}
        type="file"
        multiple
        accept=".json,.jinja"
        aria-label={t("input")}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </div>
  );
}
