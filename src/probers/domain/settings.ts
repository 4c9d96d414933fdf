import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { duration } from "../../settings/duration.ts";
import { text } from "../../settings/text.ts";
import { tlsConfig } from "../../settings/tls-config.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";
import { type Blacklist, SHIPPED_BLACKLISTS } from "./blacklists.ts";
import { readDate } from "./read-date.ts";

const SOURCES = ["rdap", "whois"] as const;
export type Source = (typeof SOURCES)[number];

/** Where a WHOIS server listens. */
export interface WhoisServer {
  readonly host: string;
  readonly port: number;
}

/** How registries are asked. */
export interface RegistrySettings {
  readonly family: AddressFamily;
  readonly tls: TlsSettings;
  /** In the order in which they are asked. */
  readonly sources: readonly Source[];
  /** Base URLs by suffix, before those that IANA knows. */
  readonly rdapServers: ReadonlyMap<string, string>;
  /** IANA's file of RDAP servers (RFC 9224); undefined to do with what the exporter knows itself. */
  readonly rdapBootstrap: string | undefined;
  readonly whoisServers: ReadonlyMap<string, WhoisServer>;
  /** The server that knows all others; undefined to do with what the exporter knows itself. */
  readonly whoisDiscovery: WhoisServer | undefined;
  /** For one source, from its turn in the queue to the end of its answer. */
  readonly lookupTimeoutSeconds: number;
  /** The least time between two questions to one registry. */
  readonly queryIntervalSeconds: number;
  /** Names all of the above that decide what the answer is: two modules that agree share their answers. */
  readonly fingerprint: string;
}

/** A module's `domain` block, decoded. */
export interface DomainSettings {
  readonly registry: RegistrySettings;
  readonly refreshSeconds: number;
  /** An answer that is older counts as none. */
  readonly maxAgeSeconds: number;
  /** Unix seconds by domain, for registries that publish no expiry. */
  readonly expiry: ReadonlyMap<string, number>;
  readonly transferLock: "required" | "optional";
  readonly blacklists: readonly Blacklist[];
  readonly blacklistRefreshSeconds: number;
}

const positiveDuration = duration.refine((seconds) => seconds > 0, 'expected a duration above zero such as "10s"');

const rdapUrl = text.transform((written, context): string => {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isUsable = url !== undefined && /^https?:$/u.test(url.protocol) && url.username === "" && url.search === "";
  if (isUsable) return url.href.endsWith("/") ? url.href : `${url.href}/`;
  context.addIssue({ code: "custom", message: 'expected a base URL such as "https://rdap.example/v1/"' });
  return z.NEVER;
});

const bootstrapUrl = text.refine(
  (written) => written === "" || /^https?:\/\/[^\s/]/u.test(written),
  'expected a URL such as "https://data.iana.org/rdap/dns.json", or "" for none',
);

const WHOIS_PORT = 43;

const whoisServer = text.transform((written, context): WhoisServer => {
  const { host, port } = /^(?<host>[^\s:/[\]]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/iu.exec(written)?.groups ?? {};
  const number = Number(port ?? WHOIS_PORT);
  if (host !== undefined && number >= 1 && number <= 65_535) return { host, port: number };
  context.addIssue({
    code: "custom",
    message: 'expected a WHOIS server such as "whois.example" or "whois.example:43"',
  });
  return z.NEVER;
});

/** A table with domain names for keys; they may be written in any script. */
function byDomain<T>(value: z.ZodType<T>): z.ZodType<ReadonlyMap<string, T>> {
  return z.record(z.string(), value).transform((table, context): ReadonlyMap<string, T> => {
    const entries = Object.entries(table).map(
      ([key, one]) => [domainToASCII(key.replaceAll(/^\.|\.$/gu, "")), one] as const,
    );
    if (entries.every(([key]) => key !== "")) return new Map(entries);
    context.addIssue({ code: "custom", message: 'expected domain names for keys, such as "de" or "uk.com"' });
    return z.NEVER;
  });
}

const manualDate = text.transform((written, context): number => {
  // Bound to no registry, so that only layouts remain which cannot be misread.
  const seconds = readDate(written, { topLevel: "" });
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: "custom", message: 'expected a date such as "2027-03-31"' });
  return z.NEVER;
});

const codes = z
  .record(z.string(), text)
  .refine(
    (table) => Object.keys(table).every((key) => isIPv4(key) && key.startsWith("127.")),
    'expected answers such as "127.0.1.2" for keys',
  );

const BITS: ReadonlySet<string> = new Set(["1", "2", "4", "8", "16", "32", "64", "128"]);
const bits = z
  .record(z.string(), text)
  .refine((table) => Object.keys(table).every((key) => BITS.has(key)), "expected 1, 2, 4 … 128 for keys");

const ownBlacklist = z
  .strictObject({
    zone: text.refine((zone) => domainToASCII(zone) !== "", "expected the zone of a list"),
    codes: codes.optional(),
    bits: bits.optional(),
    test_name: text.refine((name) => domainToASCII(name) !== "", "expected a name that the list has").optional(),
  })
  .refine((given) => (given.codes === undefined) !== (given.bits === undefined), "expected either codes or bits")
  .transform(
    ({ zone, test_name, ...given }): Blacklist => ({
      zone: domainToASCII(zone),
      codes: new Map(Object.entries(given.codes ?? {})),
      bits: new Map(Object.entries(given.bits ?? {}).map(([value, meaning]) => [Number(value), meaning])),
      testName: test_name === undefined ? undefined : domainToASCII(test_name),
    }),
  );

const SHIPPED_NAMES = Object.keys(SHIPPED_BLACKLISTS);

const blacklist = z.union([
  z.string().transform((name, context): Blacklist => {
    const shipped = Object.entries(SHIPPED_BLACKLISTS).find(([key]) => key === name)?.[1];
    if (shipped !== undefined) return shipped;
    context.addIssue({
      code: "custom",
      message: `expected one of ${SHIPPED_NAMES.join(", ")}, or a zone with its codes`,
    });
    return z.NEVER;
  }),
  ownBlacklist,
]);

const raw = z.strictObject({
  ...addressFamilyShape,
  tls_config: tlsConfig.nullish(),
  sources: z
    .array(z.enum(SOURCES, { error: 'expected "rdap" or "whois"' }))
    .min(1, "expected at least one source")
    .optional(),
  rdap_servers: byDomain(rdapUrl).nullish(),
  rdap_bootstrap: bootstrapUrl.optional(),
  whois_servers: byDomain(whoisServer).nullish(),
  whois_discovery: z.union([z.literal("").transform(() => undefined), whoisServer]).optional(),
  lookup_timeout: positiveDuration.optional(),
  query_interval: duration.refine((seconds) => seconds >= 0, "expected a duration, or 0s").optional(),
  refresh_interval: positiveDuration.optional(),
  max_age: positiveDuration.optional(),
  expiry: byDomain(manualDate).nullish(),
  require_transfer_lock: yamlBoolean.optional(),
  blacklists: z.array(blacklist).nullish(),
  blacklist_refresh_interval: positiveDuration.optional(),
});

type Raw = z.output<typeof raw>;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Reads the `domain` block of a module. */
export const domainSettings: z.ZodType<DomainSettings> = raw.transform(
  (given): DomainSettings => ({
    registry: registryOf(given),
    refreshSeconds: given.refresh_interval ?? DAY_SECONDS,
    maxAgeSeconds: given.max_age ?? 7 * DAY_SECONDS,
    expiry: given.expiry ?? new Map(),
    transferLock: (given.require_transfer_lock ?? false) ? "required" : "optional",
    blacklists: given.blacklists ?? [],
    blacklistRefreshSeconds: given.blacklist_refresh_interval ?? HOUR_SECONDS,
  }),
);

/** IANA's own file and server, which know all that were registered with it. */
const IANA_BOOTSTRAP = "https://data.iana.org/rdap/dns.json";
const IANA_WHOIS: WhoisServer = { host: "whois.iana.org", port: WHOIS_PORT };

function registryOf(given: Raw): RegistrySettings {
  const bootstrap = given.rdap_bootstrap ?? IANA_BOOTSTRAP;
  const settings = {
    sources: given.sources ?? SOURCES,
    rdapServers: given.rdap_servers ?? new Map<string, string>(),
    rdapBootstrap: bootstrap === "" ? undefined : bootstrap,
    whoisServers: given.whois_servers ?? new Map<string, WhoisServer>(),
    whoisDiscovery: "whois_discovery" in given ? given.whois_discovery : IANA_WHOIS,
    lookupTimeoutSeconds: given.lookup_timeout ?? 10,
    queryIntervalSeconds: given.query_interval ?? 1,
  };
  return {
    ...settings,
    // Some registries answer on port 43 over IPv4 alone, though they have both addresses.
    family: readAddressFamily({ preferred_ip_protocol: "ip4", ...given }),
    tls: given.tls_config ?? DEFAULT_TLS_SETTINGS,
    fingerprint: fingerprintOf(settings),
  };
}

function fingerprintOf(
  settings: Pick<RegistrySettings, "sources" | "rdapServers" | "rdapBootstrap" | "whoisServers" | "whoisDiscovery">,
): string {
  const { sources, rdapBootstrap, whoisDiscovery } = settings;
  const tables = [[...settings.rdapServers], [...settings.whoisServers]];
  const everything = JSON.stringify([sources, rdapBootstrap ?? "", whoisDiscovery ?? "", tables]);
  return createHash("sha256").update(everything).digest("base64url").slice(0, 16);
}
