import type { ProbeContext } from "../../probe/prober.ts";
import { parseDropListing } from "./drop-listing.ts";
import type { Pop3Session } from "./session.ts";

/** Asks for the size of the maildrop (STAT) and measures it. Throws ProbeFailure `exchange/malformed` for no size. */
export async function measureMaildrop(session: Pop3Session, context: ProbeContext): Promise<void> {
  const reply = await session.command("STAT");
  const listing = reply.status === "ok" ? parseDropListing(reply.text) : undefined;
  if (listing === undefined) throw session.unexpected(reply, "+OK and two numbers in reply to STAT");
  context.measure("probe_pop3_messages", listing.messages);
  context.measure("probe_pop3_maildrop_size_bytes", listing.bytes);
}
