import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { parse } from "tldts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** What is looked up. */
export interface Domain {
  /** In ASCII and lower case, e.g. `xn--bcher-kva.example`. */
  readonly name: string;
  /** As it is written, e.g. `bücher.example`. */
  readonly unicode: string;
  /** The last label, by which registries are found, e.g. `br` of `example.com.br`. */
  readonly topLevel: string;
  /** The endings of the name without its first label, the longest first: keys of the tables of servers. */
  readonly suffixes: readonly string[];
}

/**
 * The registrable domain of a name, of a URL or of `host:port`, by the public suffix list (its ICANN part) or by the
 * suffixes that the module has servers for. Throws `ProbeFailure` `request/parameter-missing` where there is none.
 */
export function readDomain(target: string, ownSuffixes: Iterable<string>): Domain {
  const host = asciiHost(target);
  const name = registrableByModule(host, ownSuffixes) ?? registrableByList(host);
  if (name === undefined) throw wrong(`Expected a domain that can be registered, found ${quoted(host)}`);
  const labels = name.split(".");
  return {
    name,
    unicode: domainToUnicode(name),
    topLevel: labels.at(-1) ?? "",
    suffixes: labels.slice(1).map((_, index) => labels.slice(index + 1).join(".")),
  };
}

function asciiHost(target: string): string {
  const host = hostOf(target).replace(/\.$/u, "");
  if (isIP(host.replaceAll(/^\[|\]$/gu, "")) !== 0) throw wrong(`Expected a domain name, found the address ${host}`);
  const ascii = domainToASCII(host.normalize("NFC"));
  const isName = ascii.length <= 253 && ascii.split(".").every((label) => LABEL.test(label));
  if (!isName) throw wrong(`Expected a domain name, found ${quoted(target)}`);
  return ascii;
}

/** RFC 1035 §2.3.1; the underscore of service names may be in the way to the registrable part. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u;

function hostOf(target: string): string {
  const withoutScheme = target.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//iu, "");
  const authority = withoutScheme.split(/[/?#]/u)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (host.startsWith("[") || isIP(host) !== 0) return host.replace(/\]:\d*$/u, "]");
  return host.replace(/:\d*$/u, "");
}

function registrableByList(host: string): string | undefined {
  const { domain, isIcann } = parse(host, { allowPrivateDomains: false, extractHostname: false });
  return isIcann === true ? (domain ?? undefined) : undefined;
}

/** One label more than the longest suffix for which the module itself has a server. */
function registrableByModule(host: string, ownSuffixes: Iterable<string>): string | undefined {
  const longest = [...ownSuffixes]
    .filter((suffix) => suffix.includes(".") || parse(host, { allowPrivateDomains: false }).isIcann !== true)
    .filter((suffix) => host.endsWith(`.${suffix}`))
    .toSorted((one, other) => other.length - one.length)[0];
  if (longest === undefined) return undefined;
  const label = host
    .slice(0, -longest.length - 1)
    .split(".")
    .at(-1);
  return `${label}.${longest}`;
}

function wrong(detail: string): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail });
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100).toWellFormed());
}
