/** Runs once when the server starts: a missing secret ends the start, not the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { studioEnv } = await import("@/lib/config/env");
  studioEnv();
}
