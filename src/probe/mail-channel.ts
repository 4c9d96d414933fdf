import type { Socket } from "node:net";
import { connect } from "../network/connect.ts";
import type { LineDialogue } from "../network/line-dialogue.ts";
import type { MailSettings } from "../settings/mail-settings.ts";
import type { MailTarget } from "./mail-target.ts";
import type { ProbeContext } from "./prober.ts";
import { reach } from "./reach.ts";
import { secureChannel } from "./secure-channel.ts";

/** A connection to a mail server; disposing of the one that was opened ends it, whatever became of it since. */
export interface MailChannel extends Disposable {
  readonly socket: Socket;
  readonly encrypted: boolean;
  /** The peer's name for TLS, unless the settings have another. */
  readonly host: string;
}

/** Resolves, connects and, where the target asks for it, starts TLS, each in its phase. */
export async function openMailChannel(
  target: MailTarget,
  settings: MailSettings,
  context: ProbeContext,
): Promise<MailChannel> {
  const { family, tlsSettings } = settings;
  const { ip } = await reach(target.host, family, context);
  const destination = { ip, port: target.port, sourceAddress: family.sourceAddress };
  const socket = await context.during("connect", () => connect(destination, context));
  const host = context.hostname ?? target.host;
  const plain = { socket, host, encrypted: false, [Symbol.dispose]: () => void socket.destroy() };
  if (target.security === "plain") return plain;
  using opened = new DisposableStack();
  opened.use(plain);
  const secured = await secureChannel(socket, { settings: tlsSettings, host }, context);
  opened.move();
  return { ...plain, socket: secured.socket, encrypted: true };
}

/**
 * Starts TLS over a channel on which the server has just agreed to. Takes the socket from the dialogue, so that nothing
 * said before is taken for an answer given within TLS. The channel before it is still the one to dispose of.
 */
export async function upgradeMailChannel(
  channel: MailChannel,
  { dialogue, settings }: { readonly dialogue: LineDialogue; readonly settings: MailSettings },
  context: ProbeContext,
): Promise<MailChannel> {
  const options = { settings: settings.tlsSettings, host: channel.host };
  const { socket } = await secureChannel(dialogue.handOver(), options, context);
  return { ...channel, socket, encrypted: true };
}
