import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { Capabilities } from "./capabilities.ts";
import { encodeMailboxName } from "./mailbox-name.ts";
import { readMailboxStatus } from "./mailbox-status.ts";
import type { ImapSession } from "./session.ts";

/** What is asked for, and what becomes of it. */
const MEASURES = [
  ["MESSAGES", "probe_imap_messages"],
  ["UNSEEN", "probe_imap_unseen_messages"],
  ["RECENT", "probe_imap_recent_messages"],
  ["UIDNEXT", "probe_imap_uid_next"],
] as const;

/**
 * Asks for the status of a mailbox, which changes nothing in it, and measures it. Throws ProbeFailure
 * `exchange/malformed` where the server does not give it, e.g. because there is no such mailbox.
 */
export async function measureMailbox(
  session: ImapSession,
  { mailbox, capabilities }: { readonly mailbox: string; readonly capabilities: Capabilities },
  context: ProbeContext,
): Promise<void> {
  // IMAP4rev2 alone knows no recent messages, and takes names as they are (RFC 9051, appendix E and §5.1).
  const isNew = capabilities.has("IMAP4REV2") && !capabilities.has("IMAP4REV1");
  const asked = MEASURES.filter(([item]) => !(isNew && item === "RECENT"));
  const items = asked.map(([item]) => item).join(" ");
  const name = isNew ? mailbox : encodeMailboxName(mailbox);
  const data = await session.succeed(["STATUS", { text: name }, `(${items})`]);
  const status = data.map(readMailboxStatus).findLast((one) => one !== undefined);
  for (const [item, metric] of asked) {
    const value = status?.get(item);
    if (value !== undefined) context.measure(metric, value);
  }
  if (status?.get("MESSAGES") === undefined) {
    const detail = "Expected the number of messages in reply to STATUS, found none";
    throw new ProbeFailure("exchange/malformed", { detail });
  }
}
