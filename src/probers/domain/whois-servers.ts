import type { WhoisServer } from "./settings.ts";

/** Registries whose WHOIS IANA does not name, or names wrongly, and private suffixes with a registry of their own. */
export const KNOWN_WHOIS_SERVERS: ReadonlyMap<string, WhoisServer> = new Map(
  (
    [
      ["com", "whois.verisign-grs.com"],
      ["net", "whois.verisign-grs.com"],
      ["de", "whois.denic.de"],
      ["eu", "whois.eu"],
      ["uk", "whois.nic.uk"],
      ["jp", "whois.jprs.jp"],
      ["ru", "whois.tcinet.ru"],
      ["su", "whois.tcinet.ru"],
      ["xn--p1ai", "whois.tcinet.ru"],
    ] as const
  ).map(([topLevel, host]) => [topLevel, { host, port: 43 }]),
);

/** How servers want to be asked for `name` where the bare name is not enough. */
const QUERIES: ReadonlyMap<string, (name: string) => string> = new Map([
  // Without a word before it, the name would match name servers and registrars too.
  ["whois.verisign-grs.com", (name) => `domain ${name}`],
  // `dn` is a domain, `ace` says that it is in ASCII.
  ["whois.denic.de", (name) => `-T dn,ace ${name}`],
  // `/e` asks for English.
  ["whois.jprs.jp", (name) => `${name}/e`],
  ["whois.nic.name", (name) => `=${name}`],
]);

/** What to send to a server to ask for a domain. */
export function whoisQuery(name: string, { host }: WhoisServer): string {
  return QUERIES.get(host)?.(name) ?? name;
}
