import { isIP } from "node:net";

/** The raw bytes of an address, 4 or 16; a zone (`%eth0`) is no part of them. Throws where it is no address. */
export function addressBytes(ip: string): Uint8Array {
  const family = isIP(ip);
  if (family === 4) return Uint8Array.from(ip.split("."), Number);
  if (family === 6) return bytesOfIpv6(ip.replace(/%.*$/, ""));
  throw new TypeError(`Expected an IP address, found ${JSON.stringify(ip)}`);
}

/** The IPv4 address in a v4-mapped one (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2); other addresses have none. */
export function mappedIpv4(bytes: Uint8Array): Uint8Array | undefined {
  const isMapped =
    bytes.length === 16 && bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every(isZero);
  return isMapped ? bytes.subarray(12) : undefined;
}

/** RFC 4291 §2.2: groups of 16 bits, one run of zeros as `::`, the last 32 bits perhaps in IPv4's notation. */
function bytesOfIpv6(text: string): Uint8Array {
  const [front = "", back = ""] = withoutDots(text).split("::");
  const bytes = new Uint8Array(16);
  const head = groupBytes(front);
  const tail = groupBytes(back);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

function withoutDots(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const last = text.slice(start);
  if (!last.includes(".")) return text;
  const [a = 0, b = 0, c = 0, d = 0] = last.split(".").map(Number);
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function groupBytes(groups: string): readonly number[] {
  if (groups === "") return [];
  return groups.split(":").flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function isZero(byte: number): boolean {
  return byte === 0;
}
