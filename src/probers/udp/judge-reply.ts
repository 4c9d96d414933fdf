import type { ReplyChecks } from "./settings.ts";

/** What a reply is like: a forbidden part decides, a lacking one may still come with the next datagram. */
export type Verdict =
  | { readonly kind: "good" }
  | { readonly kind: "forbidden"; readonly part: Uint8Array }
  | { readonly kind: "unmatched"; readonly source: string }
  | { readonly kind: "lacking"; readonly part: Uint8Array };

/** Holds a datagram against the module's checks. */
export function judgeReply(reply: Uint8Array, { pattern, required, forbidden }: ReplyChecks): Verdict {
  const present = forbidden.find((part) => holds(reply, part));
  if (present !== undefined) return { kind: "forbidden", part: present };
  if (pattern !== undefined && !pattern.test(reply)) return { kind: "unmatched", source: pattern.source };
  const absent = required.find((part) => !holds(reply, part));
  return absent === undefined ? { kind: "good" } : { kind: "lacking", part: absent };
}

function holds(bytes: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(part) >= 0;
}
