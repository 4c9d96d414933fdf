import { isIP, SocketAddress } from "node:net";
import { domainToASCII } from "node:url";
import type { CertificateFacts } from "./certificate.ts";

/** Whom a certificate has to be for: a DNS name in lower case without its final dot, or an address; "" if nobody said. */
export interface ServerName {
  readonly kind: "name" | "address";
  readonly text: string;
}

/** A host as it stands in a target or in `server_name`: a name of any script, or an address, in brackets or not. */
export function parseServerName(host: string): ServerName {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0) return { kind: "address", text: addressText(bare) };
  // Only names beyond ASCII are converted: an underscore, say, is well in a certificate and refused in a URL.
  const ascii = /^[ -~]*$/.test(bare) ? bare : domainToASCII(bare);
  return { kind: "name", text: ascii.toLowerCase().replace(/\.$/, "") };
}

/**
 * Whether the certificate is for this server: by its alternative names alone, never by its common name, a wildcard
 * standing for exactly the leftmost label (RFC 9525 §6.3).
 */
export function isFor(certificate: Pick<CertificateFacts, "dnsNames" | "addresses">, server: ServerName): boolean {
  if (server.text === "") return false;
  if (server.kind === "address") return certificate.addresses.some((address) => addressText(address) === server.text);
  return certificate.dnsNames.some((pattern) => matches(pattern.toLowerCase(), server.text));
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === name;
  const dot = name.indexOf(".");
  return dot > 0 && pattern.slice(1) === name.slice(dot);
}

/** The one spelling of an address: an IPv4 address that IPv6 wraps is that IPv4 address, and a zone means nothing here. */
function addressText(address: string): string {
  if (isIP(address) === 4) return address;
  return new SocketAddress({ address, family: "ipv6" }).address.replace(/^::ffff:(?=.*\.)/, "");
}
