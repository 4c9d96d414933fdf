import { isIP } from "node:net";
import type { Address } from "./resolve.ts";

/** The addresses of each name, which is in lower case and without a closing dot, in the file's order. */
export type HostsFile = ReadonlyMap<string, readonly Address[]>;

/** Reads the text of a hosts file (hosts(5)); lines that do not begin with an address are passed over, as libc does. */
export function parseHostsFile(text: string): HostsFile {
  const hosts = new Map<string, Address[]>();
  for (const line of text.split("\n")) {
    const [ip = "", ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    const family = isIP(ip);
    if (family !== 4 && family !== 6) continue;
    for (const name of names) add(hosts, { name: name.toLowerCase().replace(/\.$/, ""), address: { ip, family } });
  }
  return hosts;
}

function add(
  hosts: Map<string, Address[]>,
  { name, address }: { readonly name: string; readonly address: Address },
): void {
  const known = hosts.get(name);
  if (known === undefined) hosts.set(name, [address]);
  else if (!known.some(({ ip }) => ip === address.ip)) known.push(address);
}
