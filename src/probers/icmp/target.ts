import { isIPv6 } from "node:net";
import { addressBytes, mappedIpv4 } from "../../network/address-bytes.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";

/**
 * A target such as `example.com`, `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`, without the brackets; a
 * v4-mapped address (`::ffff:192.0.2.1`) is the IPv4 address that it stands for, as in blackbox_exporter. Throws
 * ProbeFailure `request/parameter-missing` for anything with a port or a path: there is none in ICMP.
 */
export function readHost(target: string): string {
  const host = /^\[(.*)\]$/su.exec(target)?.[1] ?? target;
  if (isIPv6(host)) return mappedIpv4(addressBytes(host))?.join(".") ?? host;
  if (host.includes("://")) throw wrong("a URL", target);
  if (/^[^:]+:\d+$/u.test(target) || /^\[.*\]:\d*$/su.test(target))
    throw wrong("a port, which ICMP does not have", target);
  if (host === "" || /[\s/?#@:[\]\\\0]/u.test(host)) throw wrong("something else", target);
  return host;
}

function wrong(found: string, target: string): ProbeFailure {
  // What stands before an `@` may be a password.
  const quoted = JSON.stringify(target.replace(/^.*@/su, "xxxxx@").slice(0, 100));
  return new ProbeFailure("request/parameter-missing", {
    detail: `Expected a name or an IP address and nothing else, found ${found}: ${quoted}`,
  });
}
