import { studioEnv } from "./env";

/** Ends the process with one readable message when its environment is not complete. */
export function endWithoutEnv(): void {
  try {
    studioEnv();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
