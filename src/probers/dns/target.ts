import { isIPv6 } from "node:net";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealUrlPassword } from "../../probe/conceal-url-password.ts";
import { readHostAndPort } from "../../probe/host-and-port.ts";
import type { Transport } from "./settings.ts";

/** A DNS server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** Where it is asked over HTTPS, with the query string if there is one; undefined where the module's path counts. */
  readonly path: string | undefined;
}

/** RFC 1035 §4.2, RFC 7858 §3.1, RFC 8484 §5. */
const DEFAULT_PORTS = { udp: 53, tcp: 53, tls: 853, https: 443 } as const satisfies Record<Transport, number>;

/**
 * The server that a target names: `192.0.2.53`, `dns.example:5353`, `[2001:db8::53]:853`, an IPv6 address without
 * brackets, or over HTTPS a URL. Throws `ProbeFailure` `request/parameter-missing`.
 */
export function readServerAddress(target: string, { transport }: { readonly transport: Transport }): ServerAddress {
  const defaultPort = DEFAULT_PORTS[transport];
  if (isIPv6(target)) return { host: target, port: defaultPort, path: undefined };
  if (!/^https:\/\//iu.test(target)) return { ...readHostAndPort(target, { defaultPort }), path: undefined };
  if (transport !== "https") throw wrong("a URL needs a module with dns_over_https", target);
  return readUrl(target);
}

function readUrl(target: string): ServerAddress {
  const url = URL.parse(target);
  if (url === null || url.username !== "" || url.password !== "") throw wrong("expected https://host/path", target);
  const path = `${url.pathname}${url.search}`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: url.port === "" ? DEFAULT_PORTS.https : Number(url.port),
    path: path === "/" ? undefined : path,
  };
}

function wrong(reason: string, target: string): ProbeFailure {
  const shown = JSON.stringify(concealUrlPassword(target).slice(0, 200));
  return new ProbeFailure("request/parameter-missing", { detail: `Cannot use the target ${shown}: ${reason}` });
}
