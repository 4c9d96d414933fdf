import { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSecrets } from "../../probe/conceal-secrets.ts";
import type { MailChannel } from "../../probe/mail-channel.ts";
import { noteReplyAwaited } from "../../probe/note-reply-awaited.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { isLastLine, parseReply, replyText, type SmtpReply } from "./reply.ts";

/** Commands and replies over one channel, each reply measured; it ends with its channel. */
export class SmtpSession {
  readonly channel: MailChannel;
  readonly dialogue: LineDialogue;
  readonly #context: ProbeContext;

  constructor(channel: MailChannel, context: ProbeContext) {
    this.channel = channel;
    this.dialogue = new LineDialogue(channel.socket);
    this.#context = context;
  }

  /** Sends a command and yields the reply to it. `shown` stands for a command that holds a secret. */
  async command(line: string, options: { readonly shown?: string } = {}): Promise<SmtpReply> {
    await this.dialogue.sendLine(line);
    return this.readReply(options.shown ?? line);
  }

  /** The next reply, to whatever `cause` names. Throws ProbeFailure as the dialogue does. */
  async readReply(cause: string): Promise<SmtpReply> {
    noteReplyAwaited(cause, this.#context);
    const lines = await this.dialogue.readLines(isLastLine);
    const reply = parseReply(lines);
    if (reply === undefined) {
      const found = this.#quoted(lines.join(" "));
      throw new ProbeFailure("exchange/malformed", { detail: `Expected a reply of SMTP to ${cause}, found ${found}` });
    }
    this.#context.measure("probe_smtp_reply_code", reply.code);
    this.#context.log("debug", "Reply of the server", { to: cause, reply: this.#shown(replyText(reply)) });
    return reply;
  }

  /** A reply as a detail shows it. */
  quote(reply: SmtpReply): string {
    return this.#quoted(replyText(reply));
  }

  /** The failure that a reply is where another was needed, as `exchange/malformed`. */
  unexpected(reply: SmtpReply, expected: string): ProbeFailure {
    return new ProbeFailure("exchange/malformed", { detail: `Expected ${expected}, found ${this.quote(reply)}` });
  }

  #quoted(text: string): string {
    return JSON.stringify(this.#shown(text));
  }

  #shown(text: string): string {
    return printable(concealSecrets(text, this.dialogue.secrets));
  }
}
