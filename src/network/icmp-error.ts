import type { EchoRefusal } from "./icmp.ts";

/** What an ICMP error message says, in a few words; undefined where it is no error or does not end a request's way. */
export interface IcmpError {
  readonly kind: Exclude<EchoRefusal["kind"], "unsent">;
  readonly reason: string;
}

/** The meaning of an ICMP message's type and code (RFC 792; RFC 4443 §3; the IANA registries of ICMP parameters). */
export function icmpErrorOf(
  family: 4 | 6,
  message: { readonly type: number; readonly code: number },
): IcmpError | undefined {
  return family === 4 ? ofIcmp(message) : ofIcmpv6(message);
}

const HOP_LIMIT: IcmpError = { kind: "hop-limit-exceeded", reason: "the hop limit (ttl) was used up" };

function ofIcmp({ type, code }: { readonly type: number; readonly code: number }): IcmpError | undefined {
  if (type === 3 && code === 4) return { kind: "too-big", reason: "the packet is too big for a link on the way" };
  if (type === 3) return { kind: "unreachable", reason: UNREACHABLE_IPV4[code] ?? `unreachable (code ${code})` };
  // Code 1 is a fragment that came too late: the way goes on, packets were lost.
  return type === 11 && code === 0 ? HOP_LIMIT : undefined;
}

function ofIcmpv6({ type, code }: { readonly type: number; readonly code: number }): IcmpError | undefined {
  if (type === 1) return { kind: "unreachable", reason: UNREACHABLE_IPV6[code] ?? `unreachable (code ${code})` };
  if (type === 2) return { kind: "too-big", reason: "the packet is too big for a link on the way" };
  return type === 3 && code === 0 ? HOP_LIMIT : undefined;
}

/** By code of type 3 (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1); 4 is not among them. */
const UNREACHABLE_IPV4: Readonly<Record<number, string>> = {
  0: "network unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  5: "source route failed",
  6: "network unknown",
  7: "host unknown",
  8: "source host isolated",
  9: "network administratively prohibited",
  10: "host administratively prohibited",
  11: "network unreachable for this type of service",
  12: "host unreachable for this type of service",
  13: "administratively prohibited",
  14: "host precedence violation",
  15: "precedence cut-off",
};

/** By code of type 1 (RFC 4443 §3.1). */
const UNREACHABLE_IPV6: Readonly<Record<number, string>> = {
  0: "no route to the destination",
  1: "administratively prohibited",
  2: "beyond the scope of the source address",
  3: "address unreachable",
  4: "port unreachable",
  5: "source address failed the policy",
  6: "route rejected",
};
