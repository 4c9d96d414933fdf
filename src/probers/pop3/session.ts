import { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSecrets } from "../../probe/conceal-secrets.ts";
import type { MailChannel } from "../../probe/mail-channel.ts";
import { noteReplyAwaited } from "../../probe/note-reply-awaited.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { parseReply, type Reply } from "./reply.ts";

/** Commands and replies over one channel; it ends with its channel. */
export class Pop3Session {
  readonly channel: MailChannel;
  readonly dialogue: LineDialogue;
  readonly #context: ProbeContext;

  constructor(channel: MailChannel, context: ProbeContext) {
    this.channel = channel;
    this.dialogue = new LineDialogue(channel.socket);
    this.#context = context;
  }

  /** Sends a command and yields the reply to it. `shown` stands for a command that holds a secret. */
  async command(line: string, options: { readonly shown?: string } = {}): Promise<Reply> {
    await this.dialogue.sendLine(line);
    return this.readReply(options.shown ?? line);
  }

  /** The next reply, to whatever `cause` names. Throws ProbeFailure as the dialogue does. */
  async readReply(cause: string): Promise<Reply> {
    noteReplyAwaited(cause, this.#context);
    const line = await this.dialogue.readLine();
    const reply = parseReply(line);
    if (reply === undefined) {
      const detail = `Expected a reply of POP3 to ${cause}, found ${JSON.stringify(this.#shown(line))}`;
      throw new ProbeFailure("exchange/malformed", { detail });
    }
    this.#context.log("debug", "Reply of the server", { to: cause, reply: this.quote(reply) });
    return reply;
  }

  /** The lines that follow a reply up to the dot (RFC 1939 §3), without it and without the dots put in front. */
  async readBody(): Promise<readonly string[]> {
    const lines = await this.dialogue.readLines((line) => line === ".");
    return lines.slice(0, -1).map((line) => (line.startsWith(".") ? line.slice(1) : line));
  }

  /** A reply as a detail shows it. */
  quote({ status, text }: Reply): string {
    const shown = text === "" ? INDICATORS[status] : `${INDICATORS[status]} ${text}`;
    return JSON.stringify(this.#shown(shown));
  }

  /** The failure that a reply is where another was needed, as `exchange/malformed`. */
  unexpected(reply: Reply, expected: string): ProbeFailure {
    return new ProbeFailure("exchange/malformed", { detail: `Expected ${expected}, found ${this.quote(reply)}` });
  }

  #shown(text: string): string {
    return printable(concealSecrets(text, this.dialogue.secrets));
  }
}

const INDICATORS = { ok: "+OK", error: "-ERR", challenge: "+" } as const satisfies Record<Reply["status"], string>;
