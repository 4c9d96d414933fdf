import { type IcmpError, icmpErrorOf } from "./icmp-error.ts";

/** Bytes before the payload of an echo message: type, code, checksum, identifier, sequence (RFC 792, RFC 4443 §4.1). */
export const ECHO_HEADER_BYTES = 8;

/** A message that concerns an echo request of ours, or of somebody else on this host. */
export type IcmpMessage =
  | (EchoMark & { readonly kind: "reply" })
  | (EchoMark & {
      readonly kind: "error";
      readonly error: IcmpError;
      /** The address to which the request was sent, 4 or 16 bytes. */
      readonly destination: Uint8Array;
    });

/** By what a request is known again. */
export interface EchoMark {
  readonly identifier: number;
  readonly sequence: number;
  /** A view of the packet; of a request that an error quotes, perhaps only the beginning or nothing. */
  readonly payload: Uint8Array;
}

interface Families<T> {
  readonly 4: T;
  readonly 6: T;
}

const REQUEST: Families<number> = { 4: 8, 6: 128 };
const REPLY: Families<number> = { 4: 0, 6: 129 };

/** Writes the header of an echo request in front of the payload that stands at `ECHO_HEADER_BYTES`. */
export function sealEchoRequest(
  packet: Uint8Array,
  { family, identifier, sequence }: { readonly family: 4 | 6; readonly identifier: number; readonly sequence: number },
): void {
  packet[0] = REQUEST[family];
  packet[1] = 0;
  packet[2] = 0;
  packet[3] = 0;
  packet[4] = identifier >> 8;
  packet[5] = identifier & 0xff;
  packet[6] = sequence >> 8;
  packet[7] = sequence & 0xff;
  // The checksum of ICMPv6 covers the addresses as well, so the system computes it (RFC 3542 §3.1).
  if (family === 6) return;
  const checksum = internetChecksum(packet);
  packet[2] = checksum >> 8;
  packet[3] = checksum & 0xff;
}

/** Reads a whole ICMP message, without the header of the IP packet; undefined where it is of no concern, or broken. */
export function decodeIcmp(message: Uint8Array, family: 4 | 6): IcmpMessage | undefined {
  if (message.length < ECHO_HEADER_BYTES) return undefined;
  // Raw sockets see messages before the system has checked them; of ICMPv6 it lets none through unchecked.
  if (family === 4 && internetChecksum(message) !== 0) return undefined;
  const type = byte(message, 0);
  if (type === REPLY[family]) return byte(message, 1) === 0 ? { kind: "reply", ...markOf(message) } : undefined;
  const error = icmpErrorOf(family, { type, code: byte(message, 1) });
  return error && decodeError(error, { quoted: message.subarray(ECHO_HEADER_BYTES), family });
}

/** Reads the echo request that an error is about, as the system hands it over: from its ICMP header on. */
export function decodeQuotedRequest(request: Uint8Array, family: 4 | 6): EchoMark | undefined {
  if (request.length < ECHO_HEADER_BYTES || byte(request, 0) !== REQUEST[family]) return undefined;
  return markOf(request);
}

/** What an IPv4 packet carries, as raw sockets yield it; undefined where it is cut short (RFC 791 §3.1). */
export function ipv4Payload(packet: Uint8Array): Uint8Array | undefined {
  const headerBytes = (byte(packet, 0) & 0x0f) * 4;
  if (byte(packet, 0) >> 4 !== 4 || headerBytes < 20 || packet.length < headerBytes) return undefined;
  return packet.subarray(headerBytes);
}

/** The ones' complement of the ones' complement sum of all 16-bit words (RFC 1071); 0 over a message that is whole. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += (byte(bytes, index) << 8) | byte(bytes, index + 1);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The IP packet that an error quotes: at least its header and 8 bytes (RFC 792), as much as fits (RFC 4443 §2.4). */
function decodeError(
  error: IcmpError,
  { quoted, family }: { readonly quoted: Uint8Array; readonly family: 4 | 6 },
): IcmpMessage | undefined {
  const request = family === 4 ? icmpOfIpv4(quoted) : icmpOfIpv6(quoted);
  const mark = request && decodeQuotedRequest(request, family);
  if (mark === undefined) return undefined;
  const destination = family === 4 ? quoted.subarray(16, 20) : quoted.subarray(24, 40);
  return { kind: "error", error, destination, ...mark };
}

const PROTOCOL_ICMP = 1;
const PROTOCOL_ICMPV6 = 58;
const IPV6_HEADER_BYTES = 40;

function icmpOfIpv4(packet: Uint8Array): Uint8Array | undefined {
  return byte(packet, 9) === PROTOCOL_ICMP ? ipv4Payload(packet) : undefined;
}

/** Our requests have no extension headers, except when they were too big for a link; those have no place here. */
function icmpOfIpv6(packet: Uint8Array): Uint8Array | undefined {
  if (packet.length < IPV6_HEADER_BYTES || byte(packet, 0) >> 4 !== 6) return undefined;
  return byte(packet, 6) === PROTOCOL_ICMPV6 ? packet.subarray(IPV6_HEADER_BYTES) : undefined;
}

function markOf(message: Uint8Array): EchoMark {
  return {
    identifier: (byte(message, 4) << 8) | byte(message, 5),
    sequence: (byte(message, 6) << 8) | byte(message, 7),
    payload: message.subarray(ECHO_HEADER_BYTES),
  };
}

/** What is not there counts as 0: an odd last byte is padded with zeros (RFC 1071 §1). */
function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
