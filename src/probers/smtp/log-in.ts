import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { assertLoginAllowed } from "../../probe/assert-login-allowed.ts";
import { base64, type SaslIdentity } from "../../probe/sasl.ts";
import type { Capabilities } from "./capabilities.ts";
import { chooseMechanism, keepsPassword, type Mechanism, SCRIPTS } from "./mechanism.ts";
import type { SmtpReply } from "./reply.ts";
import type { SmtpSession } from "./session.ts";
import type { SmtpSettings } from "./settings.ts";

/**
 * Logs in by AUTH (RFC 4954). Throws ProbeFailure: `login/rejected`, also where the server offers no mechanism that
 * will do; `tls/not-offered` where the password would go in the clear; `exchange/malformed` for any other reply.
 */
export async function logIn(
  session: SmtpSession,
  identity: SaslIdentity,
  { settings, capabilities }: { readonly settings: SmtpSettings; readonly capabilities: Capabilities },
): Promise<void> {
  const { encrypted } = session.channel;
  const offered = capabilities.mechanisms;
  const mechanism = chooseMechanism({ wanted: settings.authMethod, offered, encrypted });
  // A server that offers no login without TLS is not the reason: without TLS there would have been none either way.
  if (mechanism === undefined || !keepsPassword(mechanism)) assertLoginAllowed(session.channel, settings.mail);
  if (mechanism === undefined) throw nothingOffered(settings.authMethod, offered);
  const reply = await authenticate(session, mechanism, identity);
  if (reply.code === 235) return;
  if (isRejection(reply.code)) {
    const detail = `The server rejects the login by ${mechanism.toUpperCase()}: ${session.quote(reply)}`;
    throw new ProbeFailure("login/rejected", { detail });
  }
  throw session.unexpected(reply, `235 at the end of AUTH ${mechanism.toUpperCase()}`);
}

function nothingOffered(wanted: Mechanism | "auto", offered: readonly string[]): ProbeFailure {
  const needed = wanted === "auto" ? "PLAIN, LOGIN or CRAM-MD5" : wanted.toUpperCase();
  // No list of a server is that long in earnest.
  const found = offered.length === 0 ? "no login at all" : offered.join(", ").slice(0, 200);
  return new ProbeFailure("login/rejected", { detail: `Expected the server to offer ${needed}, found ${found}` });
}

/** Goes through the mechanism's script and yields the reply at its end. */
async function authenticate(session: SmtpSession, mechanism: Mechanism, identity: SaslIdentity): Promise<SmtpReply> {
  const { initial, answers } = SCRIPTS[mechanism](identity);
  const command = `AUTH ${mechanism.toUpperCase()}`;
  session.dialogue.conceal(identity.password, base64(identity.password), initial ?? "");
  let reply = await session.command(initial === undefined ? command : `${command} ${initial}`, { shown: command });
  for (const answer of answers) {
    if (reply.code !== 334) break;
    const text = answer(reply.lines[0] ?? "");
    session.dialogue.conceal(text);
    reply = await session.command(text, { shown: command });
  }
  return reply;
}

/**
 * 530, 534, 535, 538 and 454 by RFC 4954 §6, and whatever else a server says no with, e.g. 550 of a locked account. Not
 * a service that shuts down (421), nor commands that are not understood (500 to 504).
 */
function isRejection(code: number): boolean {
  return code >= 400 && code !== 421 && (code < 500 || code > 504);
}
