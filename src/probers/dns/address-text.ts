/** Four octets as an IPv4 address. */
export function ipv4Text(octets: Uint8Array): string {
  return octets.join(".");
}

/** Sixteen octets as an IPv6 address: lower case, the longest run of zeros shortened (RFC 5952 §4, §5). */
export function ipv6Text(octets: Uint8Array): string {
  if (isMappedIpv4(octets)) return `::ffff:${ipv4Text(octets.subarray(12))}`;
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((octets[2 * index] ?? 0) << 8) | (octets[2 * index + 1] ?? 0),
  );
  const written = groups.map((group) => group.toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return written.join(":");
  return `${written.slice(0, zeros.start).join(":")}::${written.slice(zeros.start + zeros.length).join(":")}`;
}

/** Whether the address is an IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2). */
export function isMappedIpv4(octets: Uint8Array): boolean {
  return octets.length === 16 && octets.every((octet, index) => index >= 12 || octet === (index < 10 ? 0 : 0xff));
}

/** Where the longest run of zero groups starts, the first of several. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
