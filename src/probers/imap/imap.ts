import { type MailChannel, openMailChannel, upgradeMailChannel } from "../../probe/mail-channel.ts";
import { type MailSchemes, readMailTarget } from "../../probe/mail-target.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { readIdentity } from "../../probe/read-identity.ts";
import { takeLeave } from "../../probe/take-leave.ts";
import { wantsStartTls } from "../../probe/wants-start-tls.ts";
import type { MailSettings } from "../../settings/mail-settings.ts";
import type { Capabilities } from "./capabilities.ts";
import { askCapabilities, awaitGreeting } from "./introduce.ts";
import { logIn } from "./log-in.ts";
import { measureMailbox } from "./measure-mailbox.ts";
import { ImapSession } from "./session.ts";
import { type ImapSettings, imapSettings } from "./settings.ts";

/** IMAP: the greeting, TLS, what the server can do, and with credentials the login and the status of a mailbox. */
export const imap = defineProber({ protocol: "imap", settings: imapSettings, probe: probeImap });

const SCHEMES: MailSchemes = { plain: { scheme: "imap", port: 143 }, implicit: { scheme: "imaps", port: 993 } };

async function probeImap(target: string, settings: ImapSettings, context: ProbeContext): Promise<void> {
  const { mail, mailbox } = settings;
  const place = readMailTarget(target, SCHEMES);
  const identity = await readIdentity(mail.credentials);
  using channel = await openMailChannel(place, mail, context);
  const { session, capabilities, isIn } = await openSession(channel, mail, context);
  if (identity !== undefined && !isIn) {
    await context.during("login", () => logIn(session, identity, { settings, capabilities }));
  }
  if (identity !== undefined || isIn) {
    await context.during("exchange", () => measureMailbox(session, { mailbox, capabilities }, context));
  }
  await takeLeave(session.dialogue, `${session.nextTag()} LOGOUT`, context);
}

/** A session in which nothing is left to agree on, with what the server can do in it. */
interface OpenSession {
  readonly session: ImapSession;
  readonly capabilities: Capabilities;
  /** Whether the server's greeting said that no login is needed. */
  readonly isIn: boolean;
}

async function openSession(channel: MailChannel, settings: MailSettings, context: ProbeContext): Promise<OpenSession> {
  const session = new ImapSession(channel, context);
  const open = await context.during("exchange", async () => {
    const isIn = await awaitGreeting(session, context);
    return { session, isIn, capabilities: await askCapabilities(session, context) };
  });
  return channel.encrypted ? open : startTls(open, settings, context);
}

/**
 * STARTTLS (RFC 3501 §6.2.1), as the module wants it and the server offers it. No second greeting follows. There is none
 * after PREAUTH, by which somebody in between could prevent it.
 */
async function startTls(open: OpenSession, settings: MailSettings, context: ProbeContext): Promise<OpenSession> {
  const { session, isIn } = open;
  const offered = open.capabilities.has("STARTTLS") && !isIn;
  context.measure("probe_imap_starttls_offered", offered ? 1 : 0);
  context.measure("probe_imap_starttls_used", 0);
  if (!wantsStartTls(session.channel, { settings, offered })) return open;
  await context.during("exchange", () => agreeOnTls(session));
  const channel = await upgradeMailChannel(session.channel, { dialogue: session.dialogue, settings }, context);
  context.measure("probe_imap_starttls_used", 1);
  const secure = new ImapSession(channel, context);
  const capabilities = await context.during("exchange", () => askCapabilities(secure, context));
  return { session: secure, isIn, capabilities };
}

async function agreeOnTls(session: ImapSession): Promise<void> {
  session.dialogue.assertNothingPending("before STARTTLS");
  await session.succeed(["STARTTLS"]);
}
