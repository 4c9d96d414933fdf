import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { mailBanner } from "../../probe/mail-banner.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { type Capabilities, readCapabilities } from "./capabilities.ts";
import type { ImapSession } from "./session.ts";

/**
 * Waits for the greeting and yields whether it says that the client is logged in already (PREAUTH). Throws ProbeFailure
 * `exchange/malformed` where it is neither that nor OK.
 */
export async function awaitGreeting(session: ImapSession, context: ProbeContext): Promise<boolean> {
  const greeting = await session.readResponse("the connection");
  if (greeting.kind !== "condition" || greeting.tag !== "*") {
    throw new ProbeFailure("exchange/malformed", { detail: "Expected a greeting, found another response of IMAP" });
  }
  // The code repeats the capabilities, which have a metric of their own.
  const banner = greeting.text.replace(/^\[[^\]]*\] ?/u, "");
  context.measure("probe_imap_banner_info", 1, { banner: mailBanner(banner) });
  if (greeting.status === "PREAUTH") return true;
  if (greeting.status !== "OK") throw session.unexpected(greeting, "OK or PREAUTH as the greeting");
  return false;
}

/** Asks what the server can do and measures it. */
export async function askCapabilities(session: ImapSession, context: ProbeContext): Promise<Capabilities> {
  const data = await session.succeed(["CAPABILITY"]);
  const capabilities = readCapabilities(data);
  if (capabilities === undefined) {
    const detail = "Expected a list of capabilities in reply to CAPABILITY, found none";
    throw new ProbeFailure("exchange/malformed", { detail });
  }
  // What was listed before TLS is forgotten, as RFC 3501 §6.2.1 wants it.
  context.withdraw(["probe_imap_capability_info"]);
  for (const capability of capabilities) context.measure("probe_imap_capability_info", 1, { capability });
  return capabilities;
}
