/** IANA's registry "Extended DNS Error Codes" (RFC 8914 §5.2), by number. */
const NAMES = [
  "Other",
  "Unsupported DNSKEY Algorithm",
  "Unsupported DS Digest Type",
  "Stale Answer",
  "Forged Answer",
  "DNSSEC Indeterminate",
  "DNSSEC Bogus",
  "Signature Expired",
  "Signature Not Yet Valid",
  "DNSKEY Missing",
  "RRSIGs Missing",
  "No Zone Key Bit Set",
  "NSEC Missing",
  "Cached Error",
  "Not Ready",
  "Blocked",
  "Censored",
  "Filtered",
  "Prohibited",
  "Stale NXDOMAIN Answer",
  "Not Authoritative",
  "Not Supported",
  "No Reachable Authority",
  "Network Error",
  "Invalid Data",
  "Signature Expired Before Valid",
  "Too Early",
  "Unsupported NSEC3 Iterations Value",
  "Unable To Conform To Policy",
  "Synthesized",
  "Invalid Query Type",
] as const;

/** An extended error as a person reads it: `6 (DNSSEC Bogus)`, or the number where it has no name. */
export function extendedErrorName(code: number): string {
  const name = NAMES[code];
  return name === undefined ? String(code) : `${code} (${name})`;
}
