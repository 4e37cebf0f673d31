const FILES_LOCK = "twinkle-studio-files";

/** Runs `action` while no page removes leftovers: whoever writes files that no record names yet does it in here. */
export function whileWriting<T>(
  action: () => Promise<T>,
  { signal }: { signal: AbortSignal },
): Promise<T> {
  return withLock(FILES_LOCK, { mode: "shared", signal }, action);
}

/** Runs `action` when no page writes files, else not at all. */
export async function unlessWriting(action: () => Promise<void>): Promise<void> {
  await withLock(FILES_LOCK, { mode: "exclusive", ifAvailable: true }, async (lock) => {
    if (lock) await action();
  });
}

/** Runs `action` alone of its name, over all tabs. */
export function alone<T>(
  name: string,
  action: () => Promise<T>,
  { signal }: { signal: AbortSignal },
): Promise<T> {
  return withLock(`${FILES_LOCK}-${name}`, { signal }, action);
}

/** Outside of browsers there is no second tab to keep away. */
function withLock<T>(
  name: string,
  options: LockOptions,
  action: (isHeld: boolean) => Promise<T>,
): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? locks.request(name, options, (lock) => action(lock !== null)) : action(true);
}
