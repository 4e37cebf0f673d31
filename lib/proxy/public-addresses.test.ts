import type { lookup, LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { isPrivateAddress, publicLookup } from "./public-addresses";

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
])("%s is private, also written as IPv6", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
  expect(isPrivateAddress(`::ffff:${address}`)).toBe(true);
});

test.each(["::1", "::", "fe80::1", "fd00::1", "ff02::1", "64:ff9b::7f00:1"])(
  "%s is private",
  (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  },
);

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])(
  "%s is public",
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

function resolved(addresses: LookupAddress[], all: boolean): Promise<unknown> {
  const names = ((
    _name: string,
    _options: object,
    done: (error: null, found: LookupAddress[]) => void,
  ) => done(null, addresses)) as typeof lookup;
  return new Promise((resolve) => {
    publicLookup(names)("name", { all }, (error, address) => resolve(error ? error.code : address));
  });
}

test("a name is refused when any of its addresses is private", async () => {
  const open = { address: "8.8.8.8", family: 4 };
  expect(await resolved([open], true)).toEqual([open]);
  expect(await resolved([open], false)).toBe("8.8.8.8");
  expect(await resolved([open, { address: "::1", family: 6 }], true)).toBe("EPRIVATE");
  expect(await resolved([], true)).toBe("EPRIVATE");
});
