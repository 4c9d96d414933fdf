import { isIP } from "node:net";
import { hostname } from "node:os";
import { domainToASCII } from "node:url";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { type HostsFile, parseHostsFile } from "./hosts-file.ts";
import { parseResolvConf, type ResolverSettings } from "./resolv-conf.ts";
import type { Address, ResolveOptions, Resolver } from "./resolve.ts";
import { askDns } from "./resolver-dns.ts";
import { followFile } from "./resolver-file.ts";

/** Where the resolver reads how this host resolves names. */
export interface ResolverOptions {
  readonly hostsFile?: string;
  readonly resolvConf?: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * The resolver of the whole exporter. It never uses the operating system's own (`getaddrinfo`): that blocks one of
 * four threads for as long as a dead name takes, so a few of them would hold up every probe.
 */
export function createResolver(options: ResolverOptions = {}): Resolver {
  const { hostsFile = "/etc/hosts", resolvConf = "/etc/resolv.conf", now = () => performance.now() } = options;
  const host: HostFiles = {
    hosts: followFile({ path: hostsFile, parse: parseHostsFile, now }),
    settings: followFile({
      path: resolvConf,
      parse: (text) => parseResolvConf(text, { hostname: hostname() }),
      now,
    }),
  };
  return {
    resolve: (name, wanted) => resolve(name, wanted, host),
    servers: () => host.settings().servers,
  };
}

interface HostFiles {
  readonly hosts: () => HostsFile;
  readonly settings: () => ResolverSettings;
}

async function resolve(host: string, options: ResolveOptions, files: HostFiles): Promise<readonly Address[]> {
  const bare = withoutBrackets(host);
  const literal = literalAddress(bare);
  if (literal !== undefined) return usable([literal], { host, ...options });
  const name = validName(bare);
  const known = knownAddresses(name.replace(/\.$/, ""), files.hosts());
  if (known !== undefined) return usable(known, { host, ...options });
  const settings = files.settings();
  return askDns(name, {
    ...options,
    settings: options.servers.length === 0 ? settings : { ...settings, servers: options.servers },
  });
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function literalAddress(text: string): Address | undefined {
  const family = isIP(text);
  return family === 4 || family === 6 ? { ip: text, family } : undefined;
}

/** The addresses of the families that will do, the preferred family first. */
function usable(
  addresses: readonly Address[],
  { host, preferred, fallback }: ResolveOptions & { readonly host: string },
): readonly Address[] {
  const [wanted, other] = [preferred, preferred === 4 ? 6 : 4].map((family) =>
    addresses.filter((address) => address.family === family),
  );
  const found = [...(wanted ?? []), ...(fallback ? (other ?? []) : [])];
  if (found.length > 0) return found;
  throw new ProbeFailure("resolve/no-address", {
    detail: `${JSON.stringify(host)} has no IPv${preferred} address, and no other family may be used`,
  });
}

/** The name in lower case and ASCII, if it may be asked for at all (RFC 1035 §2.3.4, RFC 5891). */
function validName(name: string): string {
  const ascii = /\P{ASCII}/u.test(name) ? domainToASCII(name) : name.toLowerCase();
  const labels = ascii.replace(/\.$/, "").split(".");
  const isValid = ascii.length <= 254 && labels.join(".").length <= 253 && labels.every((label) => LABEL.test(label));
  if (isValid) return ascii;
  throw new ProbeFailure("resolve/name-not-found", {
    detail: `${JSON.stringify(name.slice(0, 300))} cannot be the name of a host`,
  });
}

/** No spaces and control characters; no backslash, which the DNS library would read as an escape. */
const LABEL = /^[!-[\]-~]{1,63}$/;

/** What the hosts file says, or RFC 6761 §6.3 for `localhost`, which DNS must not be asked about. */
function knownAddresses(name: string, hosts: HostsFile): readonly Address[] | undefined {
  return hosts.get(name) ?? (name === "localhost" || name.endsWith(".localhost") ? LOOPBACK : undefined);
}

const LOOPBACK: readonly Address[] = [
  { ip: "127.0.0.1", family: 4 },
  { ip: "::1", family: 6 },
];
