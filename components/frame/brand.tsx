export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden className={className}>
      <path
        className="fill-accent"
        d="M10 1.5c.8 4.7 3 7 8 8.5-5 1.5-7.2 3.8-8 8.5-.8-4.7-3-7-8-8.5 5-1.5 7.2-3.8 8-8.5z"
      />
    </svg>
  );
}
