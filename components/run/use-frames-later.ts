import { useEffect, useState } from "react";

/** The value, so many frames later: charts that change together are drawn one after another, not all in one long task. */
export function useFramesLater<Value>(value: Value, frames: number): Value {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    let left = frames;
    let request = requestAnimationFrame(function next() {
      left -= 1;
      if (left > 0) request = requestAnimationFrame(next);
      else setShown(value);
    });
    return () => cancelAnimationFrame(request);
  }, [value, frames]);
  return shown;
}
