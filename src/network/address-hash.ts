import { addressBytes, mappedIpv4 } from "./address-bytes.ts";

/**
 * FNV-1a (32 bits) of an address's raw bytes, as blackbox_exporter's `probe_ip_addr_hash` has it: a v4-mapped IPv6
 * address counts as IPv4. Throws where the text is no address.
 */
export function addressHash(ip: string): number {
  const bytes = addressBytes(ip);
  let hash = FNV_OFFSET_BASIS;
  for (const byte of mappedIpv4(bytes) ?? bytes) {
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return hash >>> 0;
}

/** The two constants of the 32-bit function (RFC 9923). */
const FNV_OFFSET_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
