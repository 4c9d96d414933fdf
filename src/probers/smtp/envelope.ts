import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { type Mailbox, parseMailbox } from "./mailbox.ts";

/** From whom and to whom a message would be that is never sent. */
export interface Envelope {
  /** Undefined for the empty path, with which servers report failures. */
  readonly sender: Mailbox | undefined;
  /** Undefined where only the sender is to be tried. */
  readonly recipient: Mailbox | undefined;
}

/**
 * The envelope that a module's keys describe, undefined where they are "". Throws ProbeFailure
 * `request/invalid-mailbox` for what is no address.
 */
export function readEnvelope(keys: { readonly mailFrom: string; readonly recipient: string }): Envelope | undefined {
  const { mailFrom, recipient } = keys;
  if (mailFrom === "" && recipient === "") return undefined;
  return {
    sender: mailFrom === "" ? undefined : readMailbox("mail_from", mailFrom),
    recipient: recipient === "" ? undefined : readMailbox("recipient", recipient),
  };
}

function readMailbox(key: string, text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (mailbox !== undefined) return mailbox;
  const found = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
  const detail = `Expected ${key} to be an address such as "user@example.com", found ${found}`;
  throw new ProbeFailure("request/invalid-mailbox", { detail });
}
