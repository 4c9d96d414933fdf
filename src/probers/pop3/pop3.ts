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
import { measureMaildrop } from "./measure-maildrop.ts";
import { Pop3Session } from "./session.ts";
import { type Pop3Settings, pop3Settings } from "./settings.ts";

/** POP3: the greeting, TLS, what the server can do, and with credentials the login and the size of the maildrop. */
export const pop3 = defineProber({ protocol: "pop3", settings: pop3Settings, probe: probePop3 });

const SCHEMES: MailSchemes = { plain: { scheme: "pop3", port: 110 }, implicit: { scheme: "pop3s", port: 995 } };

async function probePop3(target: string, settings: Pop3Settings, context: ProbeContext): Promise<void> {
  const place = readMailTarget(target, SCHEMES);
  const identity = await readIdentity(settings.mail.credentials);
  using channel = await openMailChannel(place, settings.mail, context);
  const { session, capabilities, timestamp } = await openSession(channel, settings.mail, context);
  if (identity !== undefined) {
    await context.during("login", () => logIn(session, identity, { settings, capabilities, timestamp }));
    await context.during("exchange", () => measureMaildrop(session, context));
  }
  await takeLeave(session.dialogue, "QUIT", context);
}

/** A session in which nothing is left to agree on, with what the server can do in it. */
interface OpenSession {
  readonly session: Pop3Session;
  readonly capabilities: Capabilities;
  readonly timestamp: string | undefined;
}

async function openSession(channel: MailChannel, settings: MailSettings, context: ProbeContext): Promise<OpenSession> {
  const session = new Pop3Session(channel, context);
  const open = await context.during("exchange", async () => {
    const timestamp = await awaitGreeting(session, context);
    return { session, timestamp, capabilities: await askCapabilities(session, context) };
  });
  return channel.encrypted ? open : startTls(open, settings, context);
}

/** STLS (RFC 2595 §4), as the module wants it and the server offers it. No second greeting follows. */
async function startTls(open: OpenSession, settings: MailSettings, context: ProbeContext): Promise<OpenSession> {
  const { session, timestamp } = open;
  const offered = open.capabilities.has("STLS");
  context.measure("probe_pop3_starttls_offered", offered ? 1 : 0);
  context.measure("probe_pop3_starttls_used", 0);
  if (!wantsStartTls(session.channel, { settings, offered })) return open;
  await context.during("exchange", () => agreeOnTls(session));
  const channel = await upgradeMailChannel(session.channel, { dialogue: session.dialogue, settings }, context);
  context.measure("probe_pop3_starttls_used", 1);
  const secure = new Pop3Session(channel, context);
  const capabilities = await context.during("exchange", () => askCapabilities(secure, context));
  return { session: secure, timestamp, capabilities };
}

async function agreeOnTls(session: Pop3Session): Promise<void> {
  session.dialogue.assertNothingPending("before STLS");
  const reply = await session.command("STLS");
  if (reply.status !== "ok") throw session.unexpected(reply, "+OK in reply to STLS, which the server had offered");
}
