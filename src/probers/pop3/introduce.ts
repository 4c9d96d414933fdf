import { mailBanner } from "../../probe/mail-banner.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { readTimestamp } from "./apop.ts";
import { type Capabilities, parseCapabilities } from "./capabilities.ts";
import type { Pop3Session } from "./session.ts";

/** Waits for the greeting and yields its timestamp. Throws ProbeFailure `exchange/malformed` where it is -ERR. */
export async function awaitGreeting(session: Pop3Session, context: ProbeContext): Promise<string | undefined> {
  const greeting = await session.readReply("the connection");
  const timestamp = readTimestamp(greeting.text);
  // The timestamp is another with every connection, and each would be a time series of its own.
  const banner = timestamp === undefined ? greeting.text : greeting.text.replace(timestamp, "").trim();
  context.measure("probe_pop3_banner_info", 1, { banner: mailBanner(banner) });
  if (greeting.status !== "ok") throw session.unexpected(greeting, "+OK as the greeting");
  return timestamp;
}

/** Asks what the server can do and measures it; a server from before RFC 2449 does not know the question. */
export async function askCapabilities(session: Pop3Session, context: ProbeContext): Promise<Capabilities> {
  const reply = await session.command("CAPA");
  const capabilities = parseCapabilities(reply.status === "ok" ? await session.readBody() : []);
  // What was listed before TLS is forgotten, as RFC 2595 §4 wants it.
  context.withdraw(["probe_pop3_capability_info"]);
  for (const [capability, parameters] of capabilities) {
    context.measure("probe_pop3_capability_info", 1, { capability, parameters: printable(parameters) });
  }
  return capabilities;
}
