import { z } from "zod";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { base64Bytes } from "../../settings/base64-bytes.ts";
import { bytes } from "../../settings/bytes.ts";
import { type ContentChecks, contentChecksShape, readContentChecks } from "../../settings/content-checks.ts";
import { hexBytes } from "../../settings/hex-bytes.ts";
import { type RegularExpression, regularExpression } from "../../settings/regular-expression.ts";

/** A module's `udp` block, decoded. */
export interface UdpSettings {
  readonly family: AddressFamily;
  /** What to send, in one datagram; empty where the module says nothing. */
  readonly request: Uint8Array;
  /** Whether the probe waits for an answer, or only learns whether the port is closed. */
  readonly reply: "required" | "none";
  readonly checks: ReplyChecks;
}

/** What a reply must be like. */
export interface ReplyChecks extends ContentChecks {
  readonly pattern: RegularExpression | undefined;
}

const raw = z.strictObject({
  ...addressFamilyShape,
  send: bytes.optional(),
  send_hex: hexBytes.optional(),
  send_base64: base64Bytes.optional(),
  expect: regularExpression.optional(),
  ...contentChecksShape,
  reply: z.enum(["required", "none"], { error: 'expected "required" or "none"' }).optional(),
});

type Raw = z.output<typeof raw>;

/** Reads the `udp` block of a module. */
export const udpSettings: z.ZodType<UdpSettings> = raw.transform((given, context): UdpSettings => {
  const checks = { pattern: given.expect, ...readContentChecks(given) };
  const request = given.send ?? given.send_hex ?? given.send_base64 ?? new Uint8Array();
  const reply = given.reply ?? "required";
  for (const message of [...contradictions(given), ...expectingNothing(reply, checks)]) {
    context.addIssue({ code: "custom", message });
  }
  if (request.length > LARGEST_DATAGRAM_BYTES) {
    context.addIssue({ code: "custom", message: `a datagram holds at most ${LARGEST_DATAGRAM_BYTES} bytes` });
  }
  return { family: readAddressFamily(given), request, reply, checks };
});

/** What 65,535 bytes of an IPv4 packet leave beside its header and that of UDP (RFC 791 §3.1, RFC 768). */
const LARGEST_DATAGRAM_BYTES = 65_507;

function contradictions(given: Raw): readonly string[] {
  const sent = (["send", "send_hex", "send_base64"] as const).filter((key) => given[key] !== undefined);
  return sent.length > 1 ? [`${sent.join(" and ")} are mutually exclusive`] : [];
}

function expectingNothing(reply: UdpSettings["reply"], checks: ReplyChecks): readonly string[] {
  const isChecked = checks.pattern !== undefined || checks.required.length > 0 || checks.forbidden.length > 0;
  return reply === "none" && isChecked ? ["reply: none leaves no reply to check"] : [];
}
