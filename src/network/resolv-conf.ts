import { isIP } from "node:net";

/** How this host asks DNS (resolv.conf(5)). */
export interface ResolverSettings {
  /** `address`, or `address:port` where the file has one; never empty. */
  readonly servers: readonly string[];
  /** Domains to complete a name with, without dots at their ends. */
  readonly search: readonly string[];
  /** A name with so many dots is first asked as it is. */
  readonly ndots: number;
  /** How long to wait for a server's first answer. */
  readonly timeoutSeconds: number;
  /** How often to ask the servers. */
  readonly attempts: number;
}

/** Reads the text of a resolv.conf; `hostname` is this host's, whose domain is searched where the file names none. */
export function parseResolvConf(text: string, { hostname }: { readonly hostname: string }): ResolverSettings {
  const lines = text.split("\n").flatMap((line) => wordsOf(line));
  const servers = lines.flatMap(([keyword, value]) =>
    keyword === "nameserver" && value !== undefined && isServer(value) ? [value] : [],
  );
  const search = lines.findLast(([keyword]) => keyword === "search" || keyword === "domain");
  const options = lines.flatMap(([keyword, ...values]) => (keyword === "options" ? values : []));
  return {
    servers: servers.length === 0 ? ["127.0.0.1"] : servers.slice(0, MOST_SERVERS),
    search: search === undefined ? domainOf(hostname) : domainsOf(search),
    ndots: numberOf(options, { name: "ndots", absent: 1, from: 0, to: 15 }),
    timeoutSeconds: numberOf(options, { name: "timeout", absent: 2, from: 1, to: 30 }),
    attempts: numberOf(options, { name: "attempts", absent: 3, from: 1, to: 5 }),
  };
}

/**
 * The names to ask for, in order, as libc completes them: one with enough dots as it is and then completed, one with
 * fewer the other way round, one with a closing dot never completed. Names beyond 253 characters cannot exist.
 */
export function namesToAsk(
  name: string,
  { search, ndots }: Pick<ResolverSettings, "search" | "ndots">,
): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const completed = search.map((domain) => `${name}.${domain}`).filter((candidate) => candidate.length <= 253);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [name, ...completed] : [...completed, name];
}

/** libc asks no more than three servers (MAXNS in resolv.h). */
const MOST_SERVERS = 3;

/** The words of a line as a list of one; none for comments and empty lines. */
function wordsOf(line: string): readonly (readonly string[])[] {
  const words = line.trim().split(/\s+/);
  return words[0] === undefined || /^($|[#;])/.test(words[0]) ? [] : [words];
}

function isServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const parts = /^(?:\[(?<ipv6>[^\]]+)\]|(?<ipv4>[^:]+))(?::\d+)?$/.exec(text)?.groups;
  return isIP(parts?.["ipv6"] ?? "") === 6 || isIP(parts?.["ipv4"] ?? "") === 4;
}

function domainsOf([, ...domains]: readonly string[]): readonly string[] {
  return domains.map((domain) => domain.replace(/^\.|\.$/g, "")).filter((domain) => domain !== "");
}

function domainOf(hostname: string): readonly string[] {
  const dot = hostname.indexOf(".");
  return dot === -1 ? [] : domainsOf(["", hostname.slice(dot + 1)]);
}

/** An option such as `ndots:5`, held within libc's limits (RES_MAXNDOTS and others in resolv.h); the last one counts. */
function numberOf(
  options: readonly string[],
  {
    name,
    absent,
    from,
    to,
  }: { readonly name: string; readonly absent: number; readonly from: number; readonly to: number },
): number {
  const option = options.findLast((text) => text.startsWith(`${name}:`));
  const value = option === undefined ? Number.NaN : Number.parseInt(option.slice(name.length + 1), 10);
  return Number.isNaN(value) ? absent : Math.min(Math.max(value, from), to);
}
