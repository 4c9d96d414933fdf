import { ipv4Text, ipv6Text } from "./address-text.ts";
import { ALGORITHM_NAMES } from "./algorithm-names.ts";
import { extendedErrorName } from "./extended-error.ts";
import { malformed } from "./malformed.ts";
import { WireReader } from "./wire-reader.ts";

/** What an OPT record says of the whole message (RFC 6891 §6.1). */
export interface OptRecord {
  /** As blackbox_exporter's library shows it: a comment of several lines, for it has no form in zone files. */
  readonly text: string;
  /** The upper eight bits of the response code. */
  readonly extendedResponseCode: number;
  /** What went wrong, in words (RFC 8914), e.g. `6 (DNSSEC Bogus): signature missing`. */
  readonly extendedErrors: readonly string[];
}

/** Reads the options of an OPT record, whose class and time to live have meanings of their own. */
export function readOptRecord(
  reader: WireReader,
  { udpPayloadSize, flags }: { readonly udpPayloadSize: number; readonly flags: number },
): OptRecord {
  const options = readOptions(reader);
  const shown = options.map(({ code, data }) => `\n; ${optionText(code, data)}`);
  const errors = options.filter(({ code }) => code === EXTENDED_ERROR).map(({ data }) => extendedError(data));
  return {
    text: `\n;; OPT PSEUDOSECTION:\n; EDNS: version ${(flags >>> 16) & 0xff}; ${flagsText(flags)}udp: ${udpPayloadSize}${shown.join("")}`,
    extendedResponseCode: flags >>> 24,
    extendedErrors: errors.map(({ name, text }) => (text === "" ? name : `${name}: ${text}`)),
  };
}

interface Option {
  readonly code: number;
  readonly data: Buffer;
}

function readOptions(reader: WireReader): readonly Option[] {
  const options: Option[] = [];
  while (reader.remaining > 0) options.push({ code: reader.uint16(), data: reader.bytes(reader.uint16()) });
  return options;
}

/** DO, CO, and the other fourteen bits, which must be zero. */
function flagsText(flags: number): string {
  const names = `${flags & 0x8000 ? " do" : ""}${flags & 0x4000 ? " co" : ""}`;
  const rest = flags & 0x3fff;
  return `flags:${names}; ${rest === 0 ? "" : `MBZ: 0x${rest.toString(16).padStart(4, "0")}, `}`;
}

const EXTENDED_ERROR = 15;

/** IANA's registry "DNS EDNS0 Option Codes (OPT)". */
const OPTIONS: ReadonlyMap<number, (data: Buffer) => string> = new Map<number, (data: Buffer) => string>([
  [1, (data) => `LONG LIVED QUERIES: ${longLivedQueryText(new WireReader(data))}`],
  [2, (data) => `UPDATE LEASE: ${leaseText(new WireReader(data))}`],
  [3, (data) => `NSID: ${data.toString("hex")}  ${Array.from(data.toString("latin1"), (one) => `(${one})`).join("")}`],
  [4, (data) => `ESU: ${data.toString()}`],
  [5, (data) => `DNSSEC ALGORITHM UNDERSTOOD: ${namesText(data, ALGORITHM_NAMES)}`],
  [6, (data) => `DS HASH UNDERSTOOD: ${namesText(data, HASH_NAMES)}`],
  [7, (data) => `NSEC3 HASH UNDERSTOOD: ${namesText(data, HASH_NAMES)}`],
  [8, (data) => `SUBNET: ${subnetText(new WireReader(data))}`],
  [9, (data) => `EXPIRE: ${data.length === 0 ? "" : new WireReader(data).uint32()}`],
  [10, (data) => `COOKIE: ${data.toString("hex")}`],
  [11, (data) => `KEEPALIVE: ${keepAliveText(data)}`],
  [12, (data) => `PADDING: ${data.toString("hex").toUpperCase()}`],
  [EXTENDED_ERROR, (data) => `EDE: ${extendedErrorText(data)}`],
  [18, (data) => `REPORT-CHANNEL: ${new WireReader(data).name()}`],
  [19, (data) => `ZONEVERSION: ${zoneVersion(new WireReader(data)).toString()}`],
]);

/** IANA's registry "Delegation Signer (DS) Resource Record (RR) Type Digest Algorithms". */
const HASH_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "SHA1"],
  [2, "SHA256"],
  [3, "GOST94"],
  [4, "SHA384"],
  [5, "SHA512"],
]);

function optionText(code: number, data: Buffer): string {
  return OPTIONS.get(code)?.(data) ?? `LOCAL OPT: ${code}:0x${data.toString("hex")}`;
}

function longLivedQueryText(reader: WireReader): string {
  const start = [reader.uint16(), reader.uint16(), reader.uint16()];
  return [...start, reader.bytes(8).readBigUInt64BE(), reader.uint32()].join(" ");
}

function leaseText(reader: WireReader): string {
  const lease = reader.uint32();
  return `${lease} ${reader.remaining === 0 ? 0 : reader.uint32()}`;
}

function namesText(data: Uint8Array, names: ReadonlyMap<number, string>): string {
  return Array.from(data, (code) => ` ${names.get(code) ?? code}`).join("");
}

/** Of a client, RFC 7871 §6. */
function subnetText(reader: WireReader): string {
  const family = reader.uint16();
  const masks = `/${reader.uint8()}/${reader.uint8()}`;
  const given = reader.bytes();
  if (family === 2) return `[${ipv6Text(padded(given, 16))}]${masks}`;
  if (family > 2) throw malformed(`the subnet of a client is of family ${family}`);
  return `${ipv4Text(family === 0 ? padded(Buffer.alloc(0), 4) : padded(given, 4))}${masks}`;
}

function padded(bytes: Buffer, length: number): Buffer {
  const whole = Buffer.alloc(length);
  bytes.copy(whole);
  return whole;
}

/** In tenths of a second (RFC 7828 §3.1), which the library keeps in 16 bits when it turns them into milliseconds. */
function keepAliveText(data: Buffer): string {
  const timeout = data.length === 0 ? 0 : new WireReader(data).uint16();
  return `use tcp keep-alive, timeout ${timeout === 0 ? "omitted" : `${(timeout * 100) & 0xffff}ms`}`;
}

function extendedError(data: Buffer): { readonly name: string; readonly text: string } {
  const reader = new WireReader(data);
  return { name: extendedErrorName(reader.uint16()), text: reader.bytes().toString() };
}

function extendedErrorText(data: Buffer): string {
  const { name, text } = extendedError(data);
  return `${name}: (${text})`;
}

/** What follows the count of labels and the kind of version (RFC 9660 §3). */
function zoneVersion(reader: WireReader): Buffer {
  reader.uint16();
  return reader.bytes();
}
