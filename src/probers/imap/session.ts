import { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSecrets } from "../../probe/conceal-secrets.ts";
import type { MailChannel } from "../../probe/mail-channel.ts";
import { noteReplyAwaited } from "../../probe/note-reply-awaited.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { encodeCommand, type Word } from "./command.ts";
import { readResponseText } from "./read-response-text.ts";
import { type Condition, type Data, parseResponse, type Response } from "./response.ts";

/** How a command ended, and the data that came before its end. */
export interface Completion {
  readonly condition: Condition;
  readonly data: readonly Data[];
}

/** Commands and responses over one channel, each command with a tag of its own; it ends with its channel. */
export class ImapSession {
  readonly channel: MailChannel;
  readonly dialogue: LineDialogue;
  readonly #context: ProbeContext;
  #commands = 0;

  constructor(channel: MailChannel, context: ProbeContext) {
    this.channel = channel;
    this.dialogue = new LineDialogue(channel.socket);
    this.#context = context;
  }

  /** The tag of the next command. */
  nextTag(): string {
    this.#commands += 1;
    return `a${this.#commands}`;
  }

  /**
   * Runs a command to its end, whatever that is; `answers` go out line by line as the server asks for more. Throws
   * ProbeFailure: `exchange/malformed` for what is out of place, `exchange/closed` where the server says that it leaves,
   * and as the dialogue does.
   */
  async run(words: readonly Word[], answers: readonly string[] = []): Promise<Completion> {
    const tag = this.nextTag();
    const [first, ...literals] = encodeCommand(tag, words);
    const lines = [...literals, ...answers];
    await this.dialogue.sendLine(first);
    const data: Data[] = [];
    for (let count = 0; count < MOST_RESPONSES; count += 1) {
      const response = await this.readResponse(commandName(words));
      if (response.kind === "data") data.push(response);
      else if (response.kind === "continuation") await this.#answer(lines.shift());
      else if (response.tag === tag) return { condition: response, data };
      else this.#refuseEnd(response);
    }
    const detail = `Expected the end of a command within ${MOST_RESPONSES} responses, found more`;
    throw new ProbeFailure("exchange/malformed", { detail });
  }

  /** The data of a command that has to end with OK; else throws `exchange/malformed`. */
  async succeed(words: readonly Word[]): Promise<readonly Data[]> {
    const { condition, data } = await this.run(words);
    if (condition.status !== "OK") throw this.unexpected(condition, `OK in reply to ${commandName(words)}`);
    return data;
  }

  /** The next response, to whatever `cause` names. Throws ProbeFailure as the dialogue does. */
  async readResponse(cause: string): Promise<Response> {
    noteReplyAwaited(cause, this.#context);
    const text = await readResponseText(this.dialogue);
    const response = parseResponse(text);
    if (response === undefined) {
      const detail = `Expected a response of IMAP to ${cause}, found ${JSON.stringify(this.#shown(text))}`;
      throw new ProbeFailure("exchange/malformed", { detail });
    }
    this.#context.log("debug", "Response of the server", { to: cause, response: this.#shown(text) });
    return response;
  }

  /** A condition as a detail shows it. */
  quote({ status, text }: Condition): string {
    return JSON.stringify(this.#shown(text === "" ? status : `${status} ${text}`));
  }

  /** The failure that a condition is where another was needed, as `exchange/malformed`. */
  unexpected(condition: Condition, expected: string): ProbeFailure {
    return new ProbeFailure("exchange/malformed", { detail: `Expected ${expected}, found ${this.quote(condition)}` });
  }

  async #answer(line: string | undefined): Promise<void> {
    if (line !== undefined) return this.dialogue.sendLine(line);
    const detail = "Expected the end of a command, found the wish for more of it";
    throw new ProbeFailure("exchange/malformed", { detail });
  }

  /** News that nobody asked for are none of a probe's business, but for the last (RFC 3501 §7.1.5). */
  #refuseEnd(condition: Condition): void {
    if (condition.tag !== "*") throw this.unexpected(condition, "the end of the command that was sent");
    if (condition.status !== "BYE") return;
    const detail = `The server ended the session: ${this.quote(condition)}`;
    throw new ProbeFailure("exchange/closed", { detail });
  }

  #shown(text: string): string {
    return printable(concealSecrets(text, this.dialogue.secrets));
  }
}

/** Each of a probe's commands is answered by a handful; news of what others do to the mailbox may come between. */
const MOST_RESPONSES = 100;

/** Never a string that the module configured. */
function commandName([name = ""]: readonly Word[]): string {
  return typeof name === "string" ? name : "";
}
