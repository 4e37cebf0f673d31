import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { BlockList, isIPv6, type LookupFunction } from "node:net";

/* 198.18.0.0/15 is left open: local proxies answer every name with it, and no service of a cloud lives there. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 127],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv6");
}

/** True for loopback, private, link-local and multicast addresses, also when an IPv4 one is written as IPv6. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/**
 * A `lookup` for sockets that fails when a name resolves to any private address. It runs inside the connecting itself:
 * a check beforehand could be answered differently than the connection.
 */
export function publicLookup(lookup: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const found = error ? [] : addresses;
      if (error || found.some(({ address }) => isPrivateAddress(address)) || !found[0]) {
        callback(
          error ??
            Object.assign(new Error("the name resolves to a private address"), {
              code: "EPRIVATE",
            }),
          [],
        );
      } else if (options.all) {
        callback(null, found);
      } else {
        callback(null, found[0].address, found[0].family);
      }
    });
  };
}
