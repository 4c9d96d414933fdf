/**
 * RDAP servers of registries that are not in IANA's file though they have one. Seen to work, promised by nobody; a
 * module's `rdap_servers` goes before them, and so does IANA's file once a registry is in it.
 */
const UNREGISTERED: readonly (readonly [url: string, topLevels: readonly string[]])[] = [
  ["https://rdap.identitydigital.services/rdap/", ["ac", "ag", "bz", "io", "lc", "me", "mn", "pr", "sc", "sh", "vc"]],
  ["https://rdap.centralnic.com/bh/", ["bh"]],
  ["https://rdap.centralnic.com/gl/", ["gl"]],
  ["https://rdap.nic.ch/", ["ch"]],
  ["https://rdap.nic.li/", ["li"]],
  ["https://rdap.registry.co/co/", ["co"]],
  ["https://rdap.denic.de/", ["de"]],
  ["https://rdap.mynic.my/rdap/", ["my"]],
  ["https://rdap.nic.us/", ["us"]],
  ["https://rdap.nic.so/", ["so"]],
  ["https://rdap.website.ws/", ["ws"]],
];

/** What IANA's file holds of the most common top-level domains, for as long as the file cannot be fetched. */
const REGISTERED: readonly (readonly [url: string, topLevels: readonly string[]])[] = [
  ["https://rdap.verisign.com/com/v1/", ["com"]],
  ["https://rdap.verisign.com/net/v1/", ["net"]],
  ["https://rdap.publicinterestregistry.org/rdap/", ["org"]],
  ["https://pubapi.registry.google/rdap/", ["app", "dev", "page"]],
  ["https://rdap.sidn.nl/", ["nl"]],
  ["https://rdap.nic.fr/", ["fr"]],
  ["https://rdap.nominet.uk/uk/", ["uk"]],
  ["https://rdap.norid.no/", ["no"]],
  ["https://rdap.nic.cz/", ["cz"]],
  ["https://rdap.registro.br/", ["br"]],
];

/** Servers that answer every question alike: with a page, or that there is no such domain. */
export const UNUSABLE_RDAP: ReadonlySet<string> = new Set(["gg", "la"]);

/** By top-level domain. */
export const KNOWN_RDAP_SERVERS: ReadonlyMap<string, string> = new Map(
  [...REGISTERED, ...UNREGISTERED].flatMap(([url, topLevels]) => topLevels.map((topLevel) => [topLevel, url] as const)),
);
