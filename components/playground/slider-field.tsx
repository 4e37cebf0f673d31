import { useId } from "react";
import { cn } from "@/components/ui/cn";

const STEP = 0.01;
const TRACK =
  "[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full [&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--color-accent)_var(--filled),var(--color-line-strong)_var(--filled))] [&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-line-strong [&::-moz-range-progress]:h-1 [&::-moz-range-progress]:rounded-full [&::-moz-range-progress]:bg-accent";
const THUMB =
  "[&::-webkit-slider-thumb]:-mt-[5px] [&::-webkit-slider-thumb]:size-3.5 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-accent [&::-webkit-slider-thumb]:bg-surface [&::-moz-range-thumb]:size-2.5 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2 [&::-moz-range-thumb]:border-accent [&::-moz-range-thumb]:bg-surface";

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
        className={cn(
          "h-4 w-full appearance-none bg-transparent disabled:opacity-40",
          TRACK,
          THUMB,
        )}
        style={{ ["--filled" as string]: `${((value - min) / (max - min)) * 100}%` }}
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
