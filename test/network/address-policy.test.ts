import assert from "node:assert/strict";
import { test } from "node:test";
import { firstAllowed, isInternal } from "../../src/network/address-policy.ts";

const INTERNAL = [
  ["the unspecified address", "0.0.0.0"],
  ["this network", "0.255.255.255"],
  ["private use, 10/8", "10.255.255.255"],
  ["a carrier's shared space, first", "100.64.0.0"],
  ["a carrier's shared space, last", "100.127.255.255"],
  ["loopback beyond 127.0.0.1", "127.8.9.10"],
  ["a cloud's metadata service", "169.254.169.254"],
  ["private use, 172.16/12, first", "172.16.0.0"],
  ["private use, 172.16/12, last", "172.31.255.255"],
  ["protocol assignments", "192.0.0.8"],
  ["documentation", "192.0.2.1"],
  ["6to4 relays", "192.88.99.1"],
  ["private use, 192.168/16", "192.168.1.1"],
  ["benchmarking", "198.19.255.255"],
  ["multicast", "239.255.255.255"],
  ["the limited broadcast", "255.255.255.255"],
  ["unspecified, IPv6", "::"],
  ["loopback, IPv6", "::1"],
  ["loopback, written out", "0:0:0:0:0:0:0:1"],
  ["v4-compatible", "::10.0.0.1"],
  ["v4-mapped loopback", "::ffff:127.0.0.1"],
  ["v4-mapped private use in hexadecimal", "::FFFF:c0a8:0101"],
  ["NAT64 of private use", "64:ff9b::10.0.0.1"],
  ["NAT64 of loopback in hexadecimal", "64:ff9b::7f00:1"],
  ["translation within a site", "64:ff9b:1::1"],
  ["discard", "100::1"],
  ["Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
  ["benchmarking, IPv6", "2001:2::1"],
  ["documentation, IPv6", "2001:db8::1"],
  ["documentation, the newer block", "3fff::1"],
  ["6to4 of private use", "2002:c0a8:0101::1"],
  ["segment routing", "5f00::1"],
  ["unique local", "fd12:3456:789a::1"],
  ["link-local", "fe80::1"],
  ["link-local with a zone", "fe80::1%eth0"],
  ["multicast, IPv6", "ff02::1"],
  ["no address at all", "example.com"],
] as const;

const GLOBAL = [
  ["a plain one", "1.1.1.1"],
  ["just below 10/8", "9.255.255.255"],
  ["just above 10/8", "11.0.0.0"],
  ["just below a carrier's space", "100.63.255.255"],
  ["just above a carrier's space", "100.128.0.0"],
  ["just below 172.16/12", "172.15.255.255"],
  ["just above 172.16/12", "172.32.0.0"],
  ["just above benchmarking", "198.20.0.0"],
  ["a plain IPv6 one", "2606:4700:4700::1111"],
  ["v4-mapped", "::ffff:1.1.1.1"],
  ["NAT64 of a global one", "64:ff9b::1.1.1.1"],
  ["6to4 of a global one", "2002:0101:0101::1"],
  ["anycast within the protocol assignments", "2001:1::1"],
  ["ORCHIDv2", "2001:20::1"],
] as const;

for (const [what, ip] of INTERNAL) {
  test(`counts ${what} (${ip}) as internal`, () => assert.equal(isInternal(ip), true));
}

for (const [what, ip] of GLOBAL) {
  test(`does not count ${what} (${ip}) as internal`, () => assert.equal(isInternal(ip), false));
}

const PRIVATE_ADDRESS = { ip: "10.0.0.1", family: 4 } as const;
const GLOBAL_ADDRESS = { ip: "1.1.1.1", family: 4 } as const;

test("takes the first address whatever it is where internal ones are allowed", () => {
  assert.equal(firstAllowed([PRIVATE_ADDRESS, GLOBAL_ADDRESS], "allow"), PRIVATE_ADDRESS);
});

test("takes the first address that is not internal where those are forbidden", () => {
  assert.equal(firstAllowed([PRIVATE_ADDRESS, GLOBAL_ADDRESS], "forbid"), GLOBAL_ADDRESS);
});

test("takes none where all are internal and those are forbidden", () => {
  assert.equal(firstAllowed([PRIVATE_ADDRESS], "forbid"), undefined);
});
