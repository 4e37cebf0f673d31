import { useId } from "react";
import { cn } from "@/components/ui/cn";

const STEP = 0.01;

export function SliderField({
  label,
  min = 0,
  max,
  value,
  disabledBecause,
  onChange,
}: {
  label: string;
  min?: number;
  max: number;
  value: number;
  disabledBecause?: string | undefined;
  onChange: (value: number) => void;
}) {
  const id = useId();
  const isDisabled = disabledBecause !== undefined;
  return (
    <div
      title={disabledBecause}
      className="grid h-5 grid-cols-[92px_minmax(0,1fr)_34px] items-center gap-x-2"
    >
      <label htmlFor={id} className={cn("font-[550]", isDisabled && "text-faint")}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        className="w-full accent-accent disabled:opacity-40"
        {...{ min, max, value, step: STEP }}
        disabled={isDisabled}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id} className="text-right text-muted num">
        {value.toFixed(2)}
      </output>
    </div>
  );
}
