const OWN_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * True when the studio may answer under this `Host` header, with any port. Everything else is refused, so that a foreign
 * name that was made to resolve to this machine (DNS rebinding) reaches nothing.
 */
export function isAllowedHost(host: string | null, allowedHosts: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.exec(host ?? "")?.[1]?.toLowerCase();
  return name !== undefined && (OWN_NAMES.includes(name) || allowedHosts.includes(name));
}
