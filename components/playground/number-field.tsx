import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";

interface NumberFieldProps {
  label: string;
  /** Null shows the placeholder. */
  value: number | null;
  min: number;
  max: number;
  /** Without one, the field may not be left empty. */
  placeholder?: string;
  disabledBecause?: string | undefined;
  onChange: (value: number | null) => void;
}

/** A whole number; what is typed counts as soon as it is one, and the reason stands below while it is none. */
export function NumberField({
  label,
  value,
  min,
  max,
  placeholder,
  disabledBecause,
  onChange,
}: NumberFieldProps) {
  const t = useTranslations("playground");
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : String(value));
  const parse = (input: string): number | null | undefined => {
    if (input.trim() === "") return placeholder === undefined ? undefined : null;
    const number = Number(input);
    return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  };
  const isWrong = typed !== null && parse(typed) === undefined;
  return (
    <Field
      label={label}
      help={disabledBecause}
      error={isWrong ? t("wholeNumber", { min, max }) : undefined}
    >
      {(control) => (
        <Input
          {...control}
          className="num"
          inputMode="numeric"
          value={text}
          placeholder={placeholder}
          disabled={disabledBecause !== undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            const number = parse(event.target.value);
            if (number !== undefined) onChange(number);
          }}
          onBlur={() => !isWrong && setTyped(null)}
        />
      )}
    </Field>
  );
}
