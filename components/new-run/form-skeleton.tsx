import { Skeleton } from "@/components/ui/page";

/** As tall as the sections that it stands for. */
export function FormSkeleton() {
  return (
    <section>
      <Skeleton className="h-[330px]" />
      <Skeleton className="mt-5 h-24" />
      <Skeleton className="mt-5 h-40" />
    </section>
  );
}
