import { isIPv6 } from "node:net";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealUrlPassword } from "../../probe/conceal-url-password.ts";
import { readHostAndPort } from "../../probe/host-and-port.ts";
import { STARTTLS_PORTS, type StartTlsProtocol } from "./start-tls/protocol.ts";

/** Where certificates are: at a server, or in files. */
export type TlsTarget = ({ readonly kind: "server" } & Endpoint) | { readonly kind: "files"; readonly pattern: string };

/** A server that speaks TLS from the first byte, or after a dialogue that asks for it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly startTls: StartTlsProtocol | undefined;
  /** Path and query of a URL, for who asks a page; "/" if there is none. */
  readonly path: string;
}

/**
 * Reads `host`, `host:port`, a URL, or `file:` with a pattern. The module's `starttls` goes before the scheme's.
 * Throws `ProbeFailure`: `request/unsupported-scheme`, `request/parameter-missing`, `tls/not-offered` for `http://`.
 */
export function readTarget(target: string, module: { readonly startTls: StartTlsProtocol | undefined }): TlsTarget {
  if (/^file:/iu.test(target)) return { kind: "files", pattern: readPattern(target) };
  const scheme = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\//iu.exec(target)?.groups?.["scheme"]?.toLowerCase();
  if (scheme !== undefined) return { kind: "server", ...readUrl(target, { scheme, module }) };
  const { startTls } = module;
  const defaultPort = startTls === undefined ? HTTPS_PORT : STARTTLS_PORTS[startTls];
  const place = isIPv6(target) ? { host: target, port: defaultPort } : readHostAndPort(target, { defaultPort });
  return { kind: "server", ...place, startTls, path: "/" };
}

const HTTPS_PORT = 443;

/** Schemes of URLs with the port on which TLS is spoken, from the first byte or after STARTTLS (IANA's registry). */
const SCHEMES: Readonly<Record<string, { readonly port: number; readonly startTls?: StartTlsProtocol }>> = {
  https: { port: HTTPS_PORT },
  wss: { port: HTTPS_PORT },
  tls: { port: HTTPS_PORT },
  smtps: { port: 465 },
  imaps: { port: 993 },
  pop3s: { port: 995 },
  ftps: { port: 990 },
  ldaps: { port: 636 },
  xmpps: { port: 5223 },
  mqtts: { port: 8883 },
  amqps: { port: 5671 },
  rediss: { port: 6379 },
  smtp: { port: STARTTLS_PORTS.smtp, startTls: "smtp" },
  imap: { port: STARTTLS_PORTS.imap, startTls: "imap" },
  pop3: { port: STARTTLS_PORTS.pop3, startTls: "pop3" },
  ftp: { port: STARTTLS_PORTS.ftp, startTls: "ftp" },
  ldap: { port: STARTTLS_PORTS.ldap, startTls: "ldap" },
  xmpp: { port: STARTTLS_PORTS.xmpp, startTls: "xmpp" },
  mysql: { port: STARTTLS_PORTS.mysql, startTls: "mysql" },
  postgres: { port: STARTTLS_PORTS.postgres, startTls: "postgres" },
  postgresql: { port: STARTTLS_PORTS.postgres, startTls: "postgres" },
};

function readUrl(
  target: string,
  { scheme, module }: { readonly scheme: string; readonly module: { readonly startTls: StartTlsProtocol | undefined } },
): Endpoint {
  if (scheme === "http") {
    const detail = `A target of http has no TLS: expected https, found ${shown(target)}`;
    throw new ProbeFailure("tls/not-offered", { detail });
  }
  const known = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (known === undefined) {
    const detail = `Expected one of ${Object.keys(SCHEMES).join(", ")}, file or host:port, found ${shown(target)}`;
    throw new ProbeFailure("request/unsupported-scheme", { detail });
  }
  const url = URL.parse(target);
  if (url === null || url.hostname === "") throw wrong(`Expected a URL with a host, found ${shown(target)}`);
  if (url.username !== "" || url.password !== "") throw wrong("Expected a URL without user and password");
  if (url.port === "0") throw wrong(`Expected a port from 1 to 65535, found ${shown(target)}`);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: url.port === "" ? known.port : Number(url.port),
    startTls: module.startTls ?? known.startTls,
    path: `${url.pathname || "/"}${url.search}`,
  };
}

/** `file:///etc/x.pem`, `file:/etc/*.pem`: a path with the wildcards of a shell, as it stands and not percent-encoded. */
function readPattern(target: string): string {
  const pattern = target.slice("file:".length).replace(/^\/\/(?=\/)/u, "");
  if (/^\/(?!\/)/u.test(pattern) && !pattern.includes("\0")) return pattern;
  throw wrong(`Expected file: and an absolute path, found ${shown(target)}`);
}

function wrong(detail: string): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail });
}

function shown(target: string): string {
  return JSON.stringify(concealUrlPassword(target).slice(0, 200));
}
