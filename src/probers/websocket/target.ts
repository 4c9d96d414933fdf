import { ProbeFailure } from "../../outcome/probe-failure.ts";

/**
 * The URL that a target is: its scheme has to be ws or wss, and it has no fragment (RFC 6455 §3). Throws ProbeFailure
 * `request/parameter-missing` or `request/unsupported-scheme`.
 */
export function readTarget(target: string): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(target)?.[1]?.toLowerCase();
  if (scheme === undefined) throw wrong('Expected a URL such as "ws://example.com/path"; the target has no scheme');
  if (scheme !== "ws" && scheme !== "wss") {
    const detail = `Expected a URL of the scheme ws or wss, found ${quoted(scheme)}`;
    throw new ProbeFailure("request/unsupported-scheme", { detail });
  }
  if (/[\p{Cc} ]/u.test(target)) throw wrong("The target holds a blank or a control character");
  const { host = "", port = "" } = AUTHORITY.exec(target)?.groups ?? {};
  if (host === "") throw wrong("The target has no host");
  if (port !== "" && (!/^\d+$/u.test(port) || Number(port) < 1 || Number(port) > 65_535)) {
    throw wrong(`Expected a port from 1 to 65535, found ${quoted(port)}`);
  }
  if (!URL.canParse(target)) throw wrong(`The target is no URL: ${quoted(host)} is no host`);
  if (target.includes("#")) throw wrong('A WebSocket URL has no fragment; "#" in a path is written "%23"');
  return new URL(target);
}

/** Past the scheme and the user information: a host, in brackets or not, and a port. */
const AUTHORITY = /^\w+:\/\/(?:[^/?#]*@)?(?<host>\[[^\]]*\]|[^/?#:@[]*)(?::(?<port>[^/?#]*))?(?:[/?#]|$)/u;

/** Where a redirect leads, as a URL of ws or wss. Throws ProbeFailure `upgrade/malformed` where that is no such URL. */
export function redirectedTo(location: string, from: URL): URL {
  const written = location.slice(0, LONGEST_LOCATION);
  const url = URL.canParse(written, from.href) ? new URL(written, from) : undefined;
  const scheme = SCHEMES.get(url?.protocol ?? "");
  if (url === undefined || scheme === undefined || url.hostname === "" || url.port === "0") {
    throw new ProbeFailure("upgrade/malformed", { detail: "The server redirects to what is no URL of ws or http" });
  }
  url.protocol = scheme;
  url.hash = "";
  return url;
}

/** Servers accept no longer request lines. */
const LONGEST_LOCATION = 8192;

/** A server that redirects a request for ws over HTTP writes http as often as not. */
const SCHEMES: ReadonlyMap<string, string> = new Map([
  ["ws:", "ws:"],
  ["wss:", "wss:"],
  ["http:", "ws:"],
  ["https:", "wss:"],
]);

function wrong(detail: string): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail });
}

/** Never the user information, which may hold a password. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
