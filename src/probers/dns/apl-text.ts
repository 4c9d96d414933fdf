import { ipv4Text, ipv6Text } from "./address-text.ts";
import { malformed } from "./malformed.ts";
import type { WireReader } from "./wire-reader.ts";

/** The data of an APL record: address prefixes such as `1:192.0.2.0/24` and `!2:2001:db8::/32` (RFC 3123 §5). */
export function aplText(reader: WireReader): string {
  const prefixes: string[] = [];
  while (reader.remaining > 0) prefixes.push(prefixText(reader));
  return prefixes.join(" ");
}

function prefixText(reader: WireReader): string {
  const family = reader.uint16();
  const length = reader.uint8();
  const octet = reader.uint8();
  const given = reader.bytes(octet & 0x7f);
  const size = family === 1 ? 4 : 16;
  if (family !== 1 && family !== 2) throw malformed(`an address prefix is of family ${family}`);
  if (length > size * 8 || given.length > size || given.at(-1) === 0) throw malformed("an address prefix is too long");
  const address = Buffer.alloc(size);
  address.set(given);
  const text = family === 1 ? ipv4Text(address) : ipv6Text(address);
  return `${octet >= 0x80 ? "!" : ""}${family}:${text}/${length}`;
}
