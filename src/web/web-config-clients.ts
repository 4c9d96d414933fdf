import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { WebTls } from "./web-config.ts";

/** Whether a client may speak, judged by the certificate that it showed in the handshake. */
export function admitsClient(
  socket: Pick<TLSSocket, "authorized" | "getPeerX509Certificate">,
  { clientPolicy, clientNames }: Pick<WebTls, "clientPolicy" | "clientNames">,
): boolean {
  if (clientPolicy.certificate === "ignored") return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return clientPolicy.certificate === "asked";
  if (clientPolicy.verified && !socket.authorized) return false;
  if (clientNames.length === 0) return true;
  const allowed = new Set(clientNames.map(canonical));
  return namesIn(certificate.subjectAltName ?? "").some((name) => allowed.has(name));
}

/**
 * DNS names, addresses, mailboxes and URIs of a subjectAltName as Node prints it: `DNS:a, IP Address:192.0.2.1`. A value
 * with special characters comes as a JSON string, so a comma in a name cannot pass for the start of another one.
 */
function namesIn(subjectAltName: string): readonly string[] {
  const entries = subjectAltName.matchAll(/(?:^|, )(?<type>[^:,"]+):(?<value>"(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gu);
  return Array.from(entries, ({ groups }) => groups ?? {})
    .filter(({ type }) => type !== undefined && NAME_TYPES.has(type))
    .map(({ value = "" }) => canonical(value.startsWith('"') ? String(JSON.parse(value)) : value));
}

const NAME_TYPES: ReadonlySet<string> = new Set(["DNS", "IP Address", "email", "URI"]);

/** An IPv6 address has many spellings; URLs know one. */
function canonical(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname : name;
}
