/** Runs once before the server answers: a missing secret ends the start, not the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { endWithoutEnv } = await import("@/lib/config/start-check");
  endWithoutEnv();
}
