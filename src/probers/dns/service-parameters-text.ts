import { ipv4Text, ipv6Text, isMappedIpv4 } from "./address-text.ts";
import { escapeBytes } from "./escape.ts";
import { malformed } from "./malformed.ts";
import { WireReader } from "./wire-reader.ts";

/** The parameters of an SVCB or HTTPS record, `alpn="h2,h3" port="8443"` (RFC 9460 §2.1, §7; RFC 9461 §5, RFC 9540 §4). */
export function serviceParametersText(reader: WireReader): string {
  const parameters: string[] = [];
  for (let last = -1; reader.remaining > 0; ) {
    const key = reader.uint16();
    const value = reader.bytes(reader.uint16());
    if (key <= last || key === RESERVED_KEY) throw malformed("the parameters of a service are out of order");
    last = key;
    parameters.push(`${keyName(key)}="${valueText(key, value)}"`);
  }
  return parameters.join(" ");
}

const RESERVED_KEY = 65_535;

const KEY_NAMES = [
  "mandatory",
  "alpn",
  "no-default-alpn",
  "port",
  "ipv4hint",
  "ech",
  "ipv6hint",
  "dohpath",
  "ohttp",
] as const;

function keyName(key: number): string {
  return KEY_NAMES[key] ?? `key${key}`;
}

function valueText(key: number, value: Buffer): string {
  const name = KEY_NAMES[key];
  if (name === undefined) return escapeBytes(value, SPECIAL);
  const part = new WireReader(value);
  return part.within(value.length, () => VALUES[name](part));
}

type Name = (typeof KEY_NAMES)[number];

const VALUES: Readonly<Record<Name, (reader: WireReader) => string>> = {
  mandatory: (reader) => list(reader, () => keyName(reader.uint16())),
  alpn: (reader) => list(reader, () => protocolText(reader.characterString())),
  "no-default-alpn": () => "",
  port: (reader) => String(reader.uint16()),
  ipv4hint: (reader) => list(reader, () => ipv4Text(reader.bytes(4))),
  ech: (reader) => reader.bytes().toString("base64"),
  ipv6hint: (reader) => list(reader, () => ipv6Hint(reader.bytes(16))),
  dohpath: (reader) => escapeBytes(reader.bytes(), SPECIAL),
  ohttp: () => "",
};

/** Octets that would end a value. */
const SPECIAL = new Set(Buffer.from('"; \\'));

function list(reader: WireReader, read: () => string): string {
  const items: string[] = [];
  while (reader.remaining > 0) items.push(read());
  return items.join(",");
}

/** A comma separates protocols, so one within a protocol's name is escaped for the list and again for the zone file. */
function protocolText(name: Buffer): string {
  const pieces = name.toString("latin1").split(/([,\\])/u);
  return pieces.map((piece) => ESCAPED_TWICE[piece] ?? escapeBytes(Buffer.from(piece, "latin1"), SPECIAL)).join("");
}

const ESCAPED_TWICE: Readonly<Record<string, string>> = { ",": "\\\\\\044", "\\": "\\\\\\092" };

function ipv6Hint(octets: Buffer): string {
  if (isMappedIpv4(octets)) throw malformed("the hint of an IPv6 address is an IPv4 address");
  return ipv6Text(octets);
}
