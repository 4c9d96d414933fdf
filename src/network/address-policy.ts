import { BlockList, isIP } from "node:net";
import { addressBytes, mappedIpv4 } from "./address-bytes.ts";
import type { Address } from "./resolve.ts";

/** What a module says of targets inside the own network (`internal_addresses`). */
export type AddressPolicy = "allow" | "forbid";

/** The first address, in the order given, that the policy lets a probe dial. */
export function firstAllowed(addresses: readonly Address[], policy: AddressPolicy): Address | undefined {
  return policy === "allow" ? addresses[0] : addresses.find(({ ip }) => !isInternal(ip));
}

/**
 * Whether an address is anything but a globally reachable host, also when an IPv4 address is wrapped in an IPv6 one.
 * What is no address at all counts as internal: a policy that cannot judge refuses.
 */
export function isInternal(ip: string): boolean {
  const family = isIP(ip);
  if (family === 0) return true;
  if (family === 4) return INTERNAL.check(ip, "ipv4");
  const bare = ip.replace(/%.*$/, "");
  const inner = innerIpv4(bare);
  if (inner !== undefined) return INTERNAL.check(inner.join("."), "ipv4");
  return INTERNAL.check(bare, "ipv6") && !GLOBAL.check(bare, "ipv6");
}

/**
 * IPv4 blocks that are not globally reachable: the IANA IPv4 Special-Purpose Address Registry (RFC 6890), and
 * multicast, which no probe over a connection can mean.
 */
const INTERNAL_IPV4 = [
  "0.0.0.0/8", // this network, RFC 791 §3.2; 0.0.0.0 reaches the own host
  "10.0.0.0/8", // private use, RFC 1918
  "100.64.0.0/10", // shared address space of carriers, RFC 6598
  "127.0.0.0/8", // loopback, RFC 1122 §3.2.1.3
  "169.254.0.0/16", // link-local, RFC 3927; clouds serve their metadata here
  "172.16.0.0/12", // private use, RFC 1918
  "192.0.0.0/24", // protocol assignments, RFC 6890 §2.1
  "192.0.2.0/24", // documentation, RFC 5737
  "192.88.99.0/24", // relays of 6to4, withdrawn by RFC 7526
  "192.168.0.0/16", // private use, RFC 1918
  "198.18.0.0/15", // benchmarking, RFC 2544
  "198.51.100.0/24", // documentation, RFC 5737
  "203.0.113.0/24", // documentation, RFC 5737
  "224.0.0.0/4", // multicast, RFC 5771
  "240.0.0.0/4", // reserved, RFC 1112 §4; holds the limited broadcast
] as const;

/** The same of IPv6: the IANA IPv6 Special-Purpose Address Registry, multicast, and what older RFCs kept for sites. */
const INTERNAL_IPV6 = [
  "::/96", // unspecified, loopback and the withdrawn v4-compatible addresses, RFC 4291 §2.5
  "64:ff9b:1::/48", // translation within a site, RFC 8215
  "100::/64", // discard, RFC 6666
  "100:0:0:1::/64", // dummy prefix, RFC 9780
  "2001::/23", // protocol assignments, RFC 2928: Teredo, benchmarking, ORCHID
  "2001:db8::/32", // documentation, RFC 3849
  "3fff::/20", // documentation, RFC 9637
  "5f00::/16", // segment routing, RFC 9602
  "fc00::/7", // unique local, RFC 4193
  "fe80::/10", // link-local, RFC 4291
  "fec0::/10", // site-local, withdrawn by RFC 3879
  "ff00::/8", // multicast, RFC 4291
] as const;

/** Within 2001::/23, what the registry calls globally reachable. */
const GLOBAL_IPV6 = [
  "2001:1::1/128", // port control anycast, RFC 7723
  "2001:1::2/128", // TURN anycast, RFC 8155
  "2001:1::3/128", // DNS-SD registration anycast, RFC 9665
  "2001:3::/32", // AMT, RFC 7450
  "2001:4:112::/48", // AS112, RFC 7535
  "2001:20::/28", // ORCHIDv2, RFC 7343
  "2001:30::/28", // drone identifiers, RFC 9374
] as const;

const INTERNAL = blocks([...INTERNAL_IPV4, ...INTERNAL_IPV6]);
const GLOBAL = blocks(GLOBAL_IPV6);

/** Prefixes that carry an IPv4 address, which is the host that is reached: where it starts, in bytes. */
const WRAPPED = [
  { block: blocks(["64:ff9b::/96"]), start: 12 }, // NAT64, RFC 6052
  { block: blocks(["2002::/16"]), start: 2 }, // 6to4, RFC 3056
] as const;

function innerIpv4(ip: string): Uint8Array | undefined {
  const bytes = addressBytes(ip);
  const mapped = mappedIpv4(bytes);
  if (mapped !== undefined) return mapped;
  const wrapped = WRAPPED.find(({ block }) => block.check(ip, "ipv6"));
  return wrapped && bytes.subarray(wrapped.start, wrapped.start + 4);
}

function blocks(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix = ""] = subnet.split("/");
    list.addSubnet(network, Number(prefix), network.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}
