import { isIPv6 } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";

export interface HostAndPort {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * A target such as `example.com:22`, `192.0.2.1:22` or `[2001:db8::1]:22`; the port may be left out only where there
 * is a default. Throws ProbeFailure `request/parameter-missing`, with the part that is missing or wrong.
 */
export function readHostAndPort(target: string, options: { readonly defaultPort?: number } = {}): HostAndPort {
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(target)) {
    throw wrong(`Expected a host and a port without a scheme, found a URL: ${quoted(target)}`);
  }
  const { host, port } = split(target);
  if (host === "") throw wrong(`Expected a host before the port, found ${quoted(target)}`);
  if (/[\s/?#@[\]]/u.test(host)) throw wrong(`Expected a name or an address as the host, found ${quoted(host)}`);
  if (port === undefined && options.defaultPort !== undefined) return { host, port: options.defaultPort };
  if (port === undefined || port === "") throw wrong(`Expected a port after the host, found ${quoted(target)}`);
  const number = /^\d{1,5}$/u.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw wrong(`Expected a port from 1 to 65535, found ${quoted(port)}`);
  return { host, port: number };
}

function split(target: string): { readonly host: string; readonly port: string | undefined } {
  const bracketed = /^\[(?<host>[^\]]*)\](?::(?<port>.*))?$/su.exec(target)?.groups;
  if (bracketed !== undefined) return { host: inBrackets(bracketed["host"] ?? ""), port: bracketed["port"] };
  const colon = target.indexOf(":");
  if (colon < 0) return { host: target, port: undefined };
  if (colon !== target.lastIndexOf(":") && !target.includes("/")) {
    throw wrong(`Expected an IPv6 address in brackets, as in "[2001:db8::1]:22", found ${quoted(target)}`);
  }
  return { host: target.slice(0, colon), port: target.slice(colon + 1) };
}

function inBrackets(host: string): string {
  if (isIPv6(host)) return host;
  throw wrong(`Expected an IPv6 address in the brackets, found ${quoted(host)}`);
}

function wrong(detail: string): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail });
}

/** Without what stands before an `@`: it may be a password. */
function quoted(text: string): string {
  const shown = text.replace(/^.*@/su, "xxxxx@");
  return JSON.stringify(shown.length > 100 ? `${shown.slice(0, 100)}…` : shown);
}
