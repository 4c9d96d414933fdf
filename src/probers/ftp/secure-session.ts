import { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { upgradeMailChannel } from "../../probe/mail-channel.ts";
import { ask, refusal, showReply } from "./dialogue.ts";
import { type Reply, replyKind } from "./reply.ts";
import type { Session } from "./session.ts";

/**
 * TLS on request (RFC 4217 §4), where the module wants it. Throws `tls/not-offered` where it requires what the server
 * does not have, and `exchange/malformed` where the server speaks between its consent and the handshake.
 */
export async function secureSession(session: Session): Promise<Session> {
  const { channel, dialogue, settings, context } = session;
  if (channel.encrypted) return session;
  context.measure("probe_ftp_starttls_used", 0);
  if (settings.startTls === "off") return session;
  const reply = await context.during("exchange", () => askForTls(session));
  if (replyKind(reply) === "refused") return withoutTls(reply, session);
  const secured = await upgradeMailChannel(channel, { dialogue, settings }, context);
  context.measure("probe_ftp_starttls_used", 1);
  const within = new LineDialogue(secured.socket);
  return { ...session, channel: secured, dialogue: within, [Symbol.dispose]: () => within[Symbol.dispose]() };
}

const AUTH_TLS = { line: "AUTH TLS" };
const CLOSING = 421;

/** A server may refuse; anything else but consent is of no dialogue that goes on. */
async function askForTls(session: Session): Promise<Reply> {
  session.dialogue.assertNothingPending("before AUTH TLS");
  const reply = await ask(session, AUTH_TLS);
  const refused = replyKind(reply) === "refused" && reply.code !== CLOSING;
  if (refused || replyKind(reply) === "done") return reply;
  throw refusal(reply, { command: AUTH_TLS, session });
}

function withoutTls(reply: Reply, session: Session): Session {
  if (session.settings.startTls === "opportunistic") return session;
  const found = showReply(reply, session);
  throw new ProbeFailure("tls/not-offered", {
    detail: `The module requires TLS, and the server answered ${AUTH_TLS.line} with ${found}`,
  });
}
