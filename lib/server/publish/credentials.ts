/**
 * Whether a link that the hub handed out may receive the user's token: only the hub itself and its two storage hosts,
 * never a foreign object store (whose links carry their own signature). A hub on this machine may use other ports of it.
 */
export function mayCarryToken(hub: URL, target: URL): boolean {
  if (target.origin === hub.origin) return true;
  if (isLoopback(hub)) return isLoopback(target);
  if (target.protocol !== "https:" || target.port !== hub.port) return false;
  const site = hub.hostname.replace(/^www\./, "");
  return [`lfs.${site}`, `pre-lfs.${site}`].includes(target.hostname);
}

function isLoopback({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
