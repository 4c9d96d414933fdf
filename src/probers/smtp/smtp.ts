import { type MailChannel, openMailChannel, upgradeMailChannel } from "../../probe/mail-channel.ts";
import { type MailSchemes, readMailTarget } from "../../probe/mail-target.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { readIdentity } from "../../probe/read-identity.ts";
import { takeLeave } from "../../probe/take-leave.ts";
import { wantsStartTls } from "../../probe/wants-start-tls.ts";
import type { Capabilities } from "./capabilities.ts";
import { readEnvelope } from "./envelope.ts";
import { awaitGreeting, introduce } from "./introduce.ts";
import { logIn } from "./log-in.ts";
import { offerEnvelope } from "./offer-envelope.ts";
import { SmtpSession } from "./session.ts";
import { type SmtpSettings, smtpSettings } from "./settings.ts";

/** SMTP: greeting, EHLO, TLS, login, and on request whether a sender and a recipient would be accepted. */
export const smtp = defineProber({ protocol: "smtp", settings: smtpSettings, probe: probeSmtp });

const SCHEMES: MailSchemes = { plain: { scheme: "smtp", port: 25 }, implicit: { scheme: "smtps", port: 465 } };

async function probeSmtp(target: string, settings: SmtpSettings, context: ProbeContext): Promise<void> {
  const place = readMailTarget(target, SCHEMES);
  const envelope = readEnvelope(settings);
  const identity = await readIdentity(settings.mail.credentials);
  using channel = await openMailChannel(place, settings.mail, context);
  const { session, capabilities } = await openSession(channel, settings, context);
  if (identity !== undefined) {
    await context.during("login", () => logIn(session, identity, { settings, capabilities }));
  }
  if (envelope !== undefined) {
    await context.during("exchange", () => offerEnvelope(session, envelope, capabilities));
  }
  await takeLeave(session.dialogue, "QUIT", context);
}

/** A session in which nothing is left to agree on, with what the server offers in it. */
interface OpenSession {
  readonly session: SmtpSession;
  readonly capabilities: Capabilities;
}

async function openSession(channel: MailChannel, settings: SmtpSettings, context: ProbeContext): Promise<OpenSession> {
  const session = new SmtpSession(channel, context);
  const capabilities = await context.during("exchange", async () => {
    await awaitGreeting(session, context);
    return introduce(session, settings.ehloName, context);
  });
  return channel.encrypted ? { session, capabilities } : startTls({ session, capabilities }, settings, context);
}

/** STARTTLS (RFC 3207), as the module wants it and the server offers it; afterwards both begin anew. */
async function startTls(open: OpenSession, settings: SmtpSettings, context: ProbeContext): Promise<OpenSession> {
  const { session, capabilities } = open;
  const offered = capabilities.keywords.has("STARTTLS");
  context.measure("probe_smtp_starttls_offered", offered ? 1 : 0);
  context.measure("probe_smtp_starttls_used", 0);
  if (!wantsStartTls(session.channel, { settings: settings.mail, offered })) return open;
  await context.during("exchange", () => agreeOnTls(session));
  const { dialogue } = session;
  const channel = await upgradeMailChannel(session.channel, { dialogue, settings: settings.mail }, context);
  context.measure("probe_smtp_starttls_used", 1);
  const secure = new SmtpSession(channel, context);
  return {
    session: secure,
    capabilities: await context.during("exchange", () => introduce(secure, settings.ehloName, context)),
  };
}

async function agreeOnTls(session: SmtpSession): Promise<void> {
  session.dialogue.assertNothingPending("before STARTTLS");
  const reply = await session.command("STARTTLS");
  if (reply.code !== 220) throw session.unexpected(reply, "220 in reply to STARTTLS");
}
