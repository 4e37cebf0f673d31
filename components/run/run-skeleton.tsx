import { Skeleton } from "@/components/ui/page";
import type { RunRecord } from "@/lib/training/types";

/** The page's places before the run is there; its name already where it is known. */
export function RunSkeleton({ record }: { record: RunRecord | undefined }) {
  return (
    <div aria-busy>
      <div className="mb-3.5 flex min-h-12 flex-col gap-1">
        {record ? <h1>{record.config.name}</h1> : <Skeleton className="h-7 w-56" />}
        <Skeleton className="h-4 w-full max-w-[34rem]" />
      </div>
      <div className="mb-4 grid grid-cols-1 gap-3 lg:grid-cols-[minmax(0,1fr)_344px]">
        <Skeleton className="h-[200px] rounded-card" />
        <Skeleton className="h-[200px] rounded-card" />
        <Skeleton className="h-[400px] rounded-card" />
        <Skeleton className="h-[400px] rounded-card" />
      </div>
    </div>
  );
}
