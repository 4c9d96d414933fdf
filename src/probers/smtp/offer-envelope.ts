import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Envelope } from "./envelope.ts";
import type { SmtpSession } from "./session.ts";

/**
 * Asks whether the server would take a message, without sending one: QUIT, which follows, drops the transaction. Throws
 * ProbeFailure: `exchange/malformed` with the reply where it would not, `request/invalid-mailbox` for an address that
 * needs SMTPUTF8 of a server without it.
 */
export async function offerEnvelope(
  session: SmtpSession,
  { sender, recipient }: Envelope,
  capabilities: Capabilities,
): Promise<void> {
  const needsUtf8 = [sender, recipient].some((mailbox) => mailbox?.needsUtf8 === true);
  if (needsUtf8 && !capabilities.keywords.has("SMTPUTF8")) {
    const detail = "An address of the module is not ASCII, and the server does not offer SMTPUTF8";
    throw new ProbeFailure("request/invalid-mailbox", { detail });
  }
  const from = await session.command(`MAIL FROM:<${sender?.address ?? ""}>${needsUtf8 ? " SMTPUTF8" : ""}`);
  if (!isAccepted(from.code)) throw session.unexpected(from, "the sender to be accepted");
  if (recipient === undefined) return;
  const to = await session.command(`RCPT TO:<${recipient.address}>`);
  if (!isAccepted(to.code)) throw session.unexpected(to, "the recipient to be accepted");
}

/** 250, 251 for a mailbox elsewhere and 252 for one that the server does not check (RFC 5321 §4.2.3). */
function isAccepted(code: number): boolean {
  return code >= 250 && code <= 252;
}
