import type { Socket } from "node:net";
import { mailBanner } from "../../probe/mail-banner.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { type Capabilities, NO_CAPABILITIES, parseCapabilities } from "./capabilities.ts";
import type { SmtpSession } from "./session.ts";

/** Waits for the greeting (RFC 5321 §3.1). Throws ProbeFailure `exchange/malformed` where the server turns us away. */
export async function awaitGreeting(session: SmtpSession, context: ProbeContext): Promise<void> {
  const greeting = await session.readReply("the connection");
  context.measure("probe_smtp_banner_info", 1, { banner: mailBanner(greeting.lines[0] ?? "") });
  if (greeting.code !== 220) throw session.unexpected(greeting, "the greeting 220");
}

/**
 * Introduces the prober by EHLO, or by HELO where the server knows no other, and measures what the server offers.
 * Throws ProbeFailure `exchange/malformed` where it takes neither.
 */
export async function introduce(
  session: SmtpSession,
  ehloName: string | undefined,
  context: ProbeContext,
): Promise<Capabilities> {
  const name = ehloName ?? addressLiteral(session.channel.socket);
  const reply = await session.command(`EHLO ${name}`);
  if (reply.code === 250) {
    const capabilities = parseCapabilities(reply.lines);
    measureCapabilities(capabilities, context);
    return capabilities;
  }
  if (reply.code < 500) throw session.unexpected(reply, "250 in reply to EHLO");
  const older = await session.command(`HELO ${name}`);
  if (older.code !== 250) throw session.unexpected(older, "250 in reply to HELO");
  measureCapabilities(NO_CAPABILITIES, context);
  return NO_CAPABILITIES;
}

/** What a client without a name of its own says (RFC 5321 §4.1.4); a zone means nothing elsewhere. */
function addressLiteral({ localAddress = "127.0.0.1" }: Socket): string {
  const address = localAddress.replace(/%.*$/u, "");
  return address.includes(":") ? `[IPv6:${address}]` : `[${address}]`;
}

/** What was offered before TLS is forgotten, as RFC 3207 §4.2 wants it. */
function measureCapabilities({ keywords, sizeLimitBytes }: Capabilities, context: ProbeContext): void {
  context.withdraw(["probe_smtp_capability_info", "probe_smtp_size_limit_bytes"]);
  for (const [capability, parameters] of keywords) {
    context.measure("probe_smtp_capability_info", 1, { capability, parameters: printable(parameters) });
  }
  if (sizeLimitBytes !== undefined) context.measure("probe_smtp_size_limit_bytes", sizeLimitBytes);
}
