import { ipv4Text, ipv6Text } from "./address-text.ts";
import { ALGORITHM_NAMES } from "./algorithm-names.ts";
import { aplText } from "./apl-text.ts";
import { escapeText } from "./escape.ts";
import { gatewayText } from "./gateway-text.ts";
import { locationText } from "./location-text.ts";
import { malformed } from "./malformed.ts";
import { recordTypeName } from "./record-type.ts";
import { serviceParametersText } from "./service-parameters-text.ts";
import type { WireReader } from "./wire-reader.ts";

/**
 * A record's data as zone files write it, down to the letter as blackbox_exporter's library does, for its users'
 * expressions were written against that. Undefined where the type has no such form here (RFC 3597 then tells how).
 * Reads the part of the message to its end, and throws `ProbeFailure` `exchange/malformed` where it cannot.
 */
export function rdataText(type: number, reader: WireReader): string | undefined {
  const fields = FIELDS.get(recordTypeName(type));
  if (fields === undefined) return undefined;
  // No data at all, as in an update (RFC 2136 §2.4), is no mistake.
  if (reader.remaining === 0) return "";
  return fields
    .map((field) => ({ field, text: READERS[field](reader) }))
    .filter(({ field, text }) => text !== "" || !LISTS.has(field))
    .map(({ text }) => text)
    .join(" ");
}

/** How each kind of field is read and written. */
const READERS = {
  name: (reader) => reader.name(),
  names: (reader) => each(reader, () => reader.name()).join(" "),
  uint8: (reader) => String(reader.uint8()),
  uint16: (reader) => String(reader.uint16()),
  uint32: (reader) => String(reader.uint32()),
  ipv4: (reader) => ipv4Text(reader.bytes(4)),
  ipv6: (reader) => ipv6Text(reader.bytes(16)),
  text: (reader) => quoted(reader.characterString()),
  texts: (reader) => each(reader, () => quoted(reader.characterString())).join(" "),
  word: (reader) => escapeText(reader.characterString()),
  octets: (reader) => octetsText(reader.bytes()),
  hex: (reader) => reader.bytes().toString("hex"),
  HEX: (reader) => reader.bytes().toString("hex").toUpperCase(),
  // A longer line would not fit into the buffers of some programs that read zone files.
  "hex in lines": (reader) => inLines(reader.bytes().toString("hex")),
  base64: (reader) => reader.bytes().toString("base64"),
  type: (reader) => recordTypeName(reader.uint16()),
  types: (reader) => typesText(reader).join(" "),
  time: (reader) => timeText(reader.uint32()),
  salt: (reader) => reader.bytes(reader.uint8()).toString("hex").toUpperCase() || "-",
  base32: (reader) => base32(reader.bytes(reader.uint8())),
  "node identifier": (reader) => groupsOf(4, reader.bytes(8).toString("hex")).join(":"),
  locator: (reader) => groupsOf(4, reader.bytes(8).toString("hex").toUpperCase()).join(":"),
  eui48: (reader) => groupsOf(2, reader.bytes(6).toString("hex")).join("-"),
  eui64: (reader) => groupsOf(2, reader.bytes(8).toString("hex")).join("-"),
  "certificate type": (reader) => named(reader.uint16(), CERTIFICATE_TYPES),
  algorithm: (reader) => named(reader.uint8(), ALGORITHM_NAMES),
  "host identity": hostIdentityText,
  gateway: gatewayText,
  relay: (reader) => gatewayText(reader, "with discovery"),
  location: locationText,
  prefixes: aplText,
  "service parameters": serviceParametersText,
} as const satisfies Readonly<Record<string, (reader: WireReader) => string>>;

type Field = keyof typeof READERS;

/** Fields of any number of parts, of which nothing is written where there are none, not even a space before. */
const LISTS: ReadonlySet<Field> = new Set<Field>(["names", "types", "service parameters"]);

const SERVICE: readonly Field[] = ["uint16", "name", "service parameters"];
const DELEGATION: readonly Field[] = ["uint16", "uint8", "uint8", "HEX"];
const KEY: readonly Field[] = ["uint16", "uint8", "uint8", "base64"];
const SIGNATURE: readonly Field[] = ["type", "uint8", "uint8", "uint32", "time", "time", "uint16", "name", "base64"];

/** What the data of each type consists of. */
const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map<string, readonly Field[]>([
  ["A", ["ipv4"]],
  ["NS", ["name"]],
  ["MD", ["name"]],
  ["MF", ["name"]],
  ["CNAME", ["name"]],
  ["SOA", ["name", "name", "uint32", "uint32", "uint32", "uint32", "uint32"]],
  ["MB", ["name"]],
  ["MG", ["name"]],
  ["MR", ["name"]],
  ["PTR", ["name"]],
  ["HINFO", ["text", "text"]],
  ["MINFO", ["name", "name"]],
  ["MX", ["uint16", "name"]],
  ["TXT", ["texts"]],
  ["RP", ["name", "name"]],
  ["AFSDB", ["uint16", "name"]],
  ["X25", ["word"]],
  ["ISDN", ["text", "text"]],
  ["RT", ["uint16", "name"]],
  ["NSAP-PTR", ["name"]],
  ["SIG", SIGNATURE],
  ["KEY", KEY],
  ["PX", ["uint16", "name", "name"]],
  ["GPOS", ["word", "word", "word"]],
  ["AAAA", ["ipv6"]],
  ["LOC", ["location"]],
  ["NXT", ["name", "types"]],
  ["EID", ["HEX"]],
  ["NIMLOC", ["HEX"]],
  ["SRV", ["uint16", "uint16", "uint16", "name"]],
  ["NAPTR", ["uint16", "uint16", "text", "text", "text", "name"]],
  ["KX", ["uint16", "name"]],
  ["CERT", ["certificate type", "uint16", "algorithm", "base64"]],
  ["DNAME", ["name"]],
  ["APL", ["prefixes"]],
  ["DS", DELEGATION],
  ["SSHFP", ["uint8", "uint8", "HEX"]],
  ["IPSECKEY", ["gateway", "base64"]],
  ["RRSIG", SIGNATURE],
  ["NSEC", ["name", "types"]],
  ["DNSKEY", KEY],
  ["DHCID", ["base64"]],
  ["NSEC3", ["uint8", "uint8", "uint16", "salt", "base32", "types"]],
  ["NSEC3PARAM", ["uint8", "uint8", "uint16", "salt"]],
  ["TLSA", ["uint8", "uint8", "uint8", "hex"]],
  ["SMIMEA", ["uint8", "uint8", "uint8", "hex in lines"]],
  ["HIP", ["host identity", "names"]],
  ["NINFO", ["texts"]],
  ["RKEY", KEY],
  ["TALINK", ["name", "name"]],
  ["CDS", DELEGATION],
  ["CDNSKEY", KEY],
  ["OPENPGPKEY", ["base64"]],
  ["CSYNC", ["uint32", "uint16", "types"]],
  ["ZONEMD", ["uint32", "uint8", "uint8", "hex"]],
  ["SVCB", SERVICE],
  ["HTTPS", SERVICE],
  ["SPF", ["texts"]],
  ["UINFO", ["text"]],
  ["UID", ["uint32"]],
  ["GID", ["uint32"]],
  ["NID", ["uint16", "node identifier"]],
  ["L32", ["uint16", "ipv4"]],
  ["L64", ["uint16", "locator"]],
  ["LP", ["uint16", "name"]],
  ["EUI48", ["eui48"]],
  ["EUI64", ["eui64"]],
  ["URI", ["uint16", "uint16", "octets"]],
  ["CAA", ["uint8", "word", "octets"]],
  ["AVC", ["texts"]],
  ["AMTRELAY", ["relay"]],
  ["RESINFO", ["texts"]],
  ["TA", DELEGATION],
  ["DLV", DELEGATION],
  ["ANY", []],
  ["NXNAME", []],
]);

/** RFC 4398 §2.1. */
const CERTIFICATE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "PKIX"],
  [2, "SPKI"],
  [3, "PGP"],
  [4, "IPIX"],
  [5, "ISPKI"],
  [6, "IPGP"],
  [7, "ACPKIX"],
  [8, "IACPKIX"],
  [253, "URI"],
  [254, "OID"],
]);

function each(reader: WireReader, read: () => string): readonly string[] {
  const items: string[] = [];
  while (reader.remaining > 0) items.push(read());
  return items;
}

function quoted(bytes: Uint8Array): string {
  return `"${escapeText(bytes)}"`;
}

/** As the library has it, a backslash in the data counts as an escape of what follows. */
function octetsText(bytes: Buffer): string {
  const parts = bytes.toString("latin1").matchAll(/(\\\.)|\\(\d{3})|\\([^])|\\$|([^\\]+)/gu);
  const text = Array.from(parts, ([, dot, decimal, escaped, plain]) => {
    if (dot !== undefined) return dot;
    const found = decimal === undefined ? (escaped ?? plain ?? "") : String.fromCharCode(Number(decimal) & 0xff);
    return escapeText(Buffer.from(found, "latin1"));
  });
  return `"${text.join("")}"`;
}

const LINE = 1024;

function inLines(hex: string): string {
  return hex.length < LINE
    ? hex
    : Array.from({ length: Math.floor(hex.length / LINE) + 1 }, (_, index) =>
        hex.slice(index * LINE, (index + 1) * LINE),
      ).join(" ");
}

/** The types in a bitmap of windows (RFC 4034 §4.1.2), in their order. */
function typesText(reader: WireReader): readonly string[] {
  const types: string[] = [];
  for (let last = -1; reader.remaining > 0; ) {
    const window = reader.uint8();
    const bitmap = reader.bytes(reader.uint8());
    if (window <= last || bitmap.length === 0 || bitmap.length > 32)
      throw malformed("a bitmap of types is out of order");
    last = window;
    for (let bit = 0; bit < bitmap.length * 8; bit += 1) {
      if (((bitmap[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) types.push(recordTypeName(window * 256 + bit));
    }
  }
  return types;
}

/** `20060102150405`, in UTC (RFC 4034 §3.2). */
function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/[-T:]|\.\d+Z/gu, "");
}

const BASE32_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

/** RFC 4648 §7 without padding (RFC 5155 §3.3). */
function base32(bytes: Uint8Array): string {
  let digits = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) digits += BASE32_DIGITS.charAt((held >> (bits - 5)) & 31);
  }
  return bits === 0 ? digits : digits + BASE32_DIGITS.charAt((held << (5 - bits)) & 31);
}

function groupsOf(length: number, text: string): readonly string[] {
  return Array.from({ length: text.length / length }, (_, index) => text.slice(index * length, (index + 1) * length));
}

function named(number: number, names: ReadonlyMap<number, string>): string {
  return names.get(number) ?? String(number);
}

/** Algorithm, identity tag and key of HIP, whose lengths come first (RFC 8005 §5). */
function hostIdentityText(reader: WireReader): string {
  const tagLength = reader.uint8();
  const algorithm = reader.uint8();
  const keyLength = reader.uint16();
  return `${algorithm} ${reader.bytes(tagLength).toString("hex")} ${reader.bytes(keyLength).toString("base64")}`;
}
