import { ipv4Text, ipv6Text } from "./address-text.ts";
import type { WireReader } from "./wire-reader.ts";

/**
 * The head of an IPSECKEY record (RFC 4025 §2.1): precedence, kind of gateway, algorithm, gateway. An AMTRELAY record
 * (RFC 8777 §4) has no algorithm, but a bit of discovery before the kind.
 */
export function gatewayText(
  reader: WireReader,
  discovery: "without discovery" | "with discovery" = "without discovery",
): string {
  const precedence = reader.uint8();
  const octet = reader.uint8();
  if (discovery === "with discovery") {
    const kind = octet & 0x7f;
    return `${precedence} ${octet >> 7} ${kind} ${placeOf(kind, reader)}`;
  }
  const algorithm = reader.uint8();
  return `${precedence} ${octet} ${algorithm} ${placeOf(octet, reader)}`;
}

function placeOf(kind: number, reader: WireReader): string {
  if (kind === 1) return ipv4Text(reader.bytes(4));
  if (kind === 2) return ipv6Text(reader.bytes(16));
  return kind === 3 ? reader.name() : ".";
}
