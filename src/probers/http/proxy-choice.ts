import { BlockList, isIP } from "node:net";
import type { ProxySettings } from "../../settings/http-client.ts";
import type { ProxyServer } from "../../settings/proxy-server.ts";

/** Which proxy serves a URL; undefined where it is reached directly. */
export type ProxyChoice = (url: URL) => ProxyServer | undefined;

/** Compiles a module's proxy settings. Where exceptions are in force, loopback is always reached directly. */
export function proxyChoice(settings: ProxySettings | undefined): ProxyChoice {
  if (settings === undefined) return () => undefined;
  const serverOf: ProxyChoice = (url) => (url.protocol === "https:" ? settings.https : settings.http);
  if (settings.noProxy === undefined) return serverOf;
  const isDirect = exceptions(settings.noProxy);
  return (url) => (isDirect(url) ? undefined : serverOf(url));
}

/** The syntax of NO_PROXY: names with their subdomains, `.name` for the subdomains alone, addresses, prefixes, ports, `*`. */
function exceptions(noProxy: string): (url: URL) => boolean {
  const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase());
  const rules = entries.filter((entry) => entry !== "").map(compile);
  return (url) => {
    const host = url.hostname.replace(/^\[(.*)\]$/u, "$1").replace(/\.$/u, "");
    const port = url.port === "" ? DEFAULT_PORTS[url.protocol] : url.port;
    return isLoopback(host) || rules.some((rule) => rule(host, port));
  };
}

type Rule = (host: string, port: string | undefined) => boolean;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function compile(entry: string): Rule {
  if (entry === "*") return () => true;
  const prefix = prefixRule(entry);
  if (prefix !== undefined) return prefix;
  const [, bracketed, name, wantedPort] =
    /^(?:\[([^\]]*)\]|([^:]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::(\d+))?$/u.exec(entry) ?? [];
  const wanted = bracketed ?? name ?? entry;
  const matches = isIP(wanted) === 0 ? nameMatcher(wanted) : addressMatcher(wanted);
  return (host, port) => matches(host) && (wantedPort === undefined || wantedPort === port);
}

function prefixRule(entry: string): Rule | undefined {
  const [, network, length] = /^([0-9a-f.:]+)\/(\d{1,3})$/u.exec(entry) ?? [];
  const family = isIP(network ?? "");
  if (network === undefined || length === undefined || family === 0) return undefined;
  if (Number(length) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, Number(length), family === 4 ? "ipv4" : "ipv6");
  return (host) => isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
}

function addressMatcher(wanted: string): (host: string) => boolean {
  const list = new BlockList();
  list.addAddress(wanted, isIP(wanted) === 4 ? "ipv4" : "ipv6");
  return (host) => isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
}

function nameMatcher(wanted: string): (host: string) => boolean {
  const name = wanted.replace(/^\*?\./u, "");
  const subdomain = `.${name}`;
  const onlySubdomains = name !== wanted;
  return (host) => host.endsWith(subdomain) || (!onlySubdomains && host === name);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
