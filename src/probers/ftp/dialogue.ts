import type { FailureOf } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSecrets } from "../../probe/conceal-secrets.ts";
import { noteReplyAwaited } from "../../probe/note-reply-awaited.ts";
import { printable } from "../../probe/printable.ts";
import { isReplyEnd, parseReplyStart, type Reply, replyKind, textOfReplyLine } from "./reply.ts";
import type { Session } from "./session.ts";

/*
 * The control connection is spoken over our own line dialogue, not over basic-ftp's FTPContext. That one (6.2.6) loses
 * a reply that arrives in pieces, takes "220 re" for a whole one, passes over lines that are no replies, so that a
 * server of another protocol is waited for in vain, and closes the control connection when a data connection breaks,
 * so that a half uploaded file could not be deleted.
 */

/** A command, and how it is shown where it holds a secret. */
export interface Command {
  readonly line: string;
  readonly shown?: string;
}

/** Sends a command and yields the reply, whatever it says. Throws as `LineDialogue` and `readReply` do. */
export async function ask(session: Session, command: Command): Promise<Reply> {
  await session.dialogue.sendLine(command.line);
  return readReplyTo(command, session);
}

/** The next reply, where it is one to this command; throws as `readReply` does. */
export async function readReplyTo(command: Command, session: Session): Promise<Reply> {
  noteReplyAwaited(showCommand(command), session.context);
  const reply = await readReply(session);
  session.context.log("debug", "Command answered", { command: showCommand(command), reply: showReply(reply, session) });
  return reply;
}

/** Sends a command that has to be done; throws what `refusal` makes of any other reply. */
export async function perform(session: Session, line: string): Promise<Reply> {
  const reply = await ask(session, { line });
  if (replyKind(reply) === "done") return reply;
  throw refusal(reply, { command: { line }, session });
}

/** The next reply, of one line or several. Throws `exchange/malformed` for what is none, and as `LineDialogue` does. */
export async function readReply({ dialogue, context }: Pick<Session, "dialogue" | "context">): Promise<Reply> {
  const line = await dialogue.readLine();
  const start = parseReplyStart(line);
  if (start === undefined) {
    const found = JSON.stringify(printable(concealSecrets(line, dialogue.secrets)));
    throw new ProbeFailure("exchange/malformed", {
      detail: `Expected a reply that starts with three digits, found ${found}`,
    });
  }
  const { code, text, isLast } = start;
  const more = isLast ? [] : await dialogue.readLines((next) => isReplyEnd(next, code));
  context.measure("probe_ftp_reply_code", code);
  return { code, lines: [text, ...more.map((next) => textOfReplyLine(next, code))] };
}

/** What it means that the server did not do what it was told (RFC 959 §4.2.2), with its words. */
export function refusal(
  reply: Reply,
  told: { readonly command: Command; readonly session: Session; readonly meaning?: Meaning },
): ProbeFailure {
  const { command, session, meaning = USUAL } = told;
  return new ProbeFailure(meaning.byCode.get(reply.code) ?? outcomeOf(reply, meaning), {
    detail: `The server answered ${showCommand(command)} with ${showReply(reply, session)}`,
  });
}

/** What the refusals of a command mean. */
export interface Meaning {
  readonly byCode: ReadonlyMap<number, FailureOf<"login" | "exchange">>;
  /** Of any other refusal. */
  readonly otherwise: FailureOf<"login" | "exchange">;
}

const USUAL: Meaning = {
  byCode: new Map([
    ...[425, 426, 450, 451, 452, 552, 553].map((code) => [code, "exchange/transfer-failed"] as const),
    ...[530, 532].map((code) => [code, "login/required"] as const),
  ]),
  otherwise: "exchange/command-failed",
};

/** A reply that is no refusal, and yet not the one that was due, is of no dialogue that this client knows. */
function outcomeOf(reply: Reply, { otherwise }: Meaning): Meaning["otherwise"] {
  if (replyKind(reply) !== "refused") return "exchange/malformed";
  return reply.code === CLOSING ? "exchange/closed" : otherwise;
}

/** The server closes the control connection, whatever it was told. */
const CLOSING = 421;

/** A reply as it may be shown: in one line, without secrets, e.g. `"550 Permission denied."`. */
export function showReply({ code, lines }: Reply, { dialogue }: Pick<Session, "dialogue">): string {
  const text = concealSecrets(lines.join(" ").trim(), dialogue.secrets);
  return JSON.stringify(printable(`${code} ${text}`.trim()));
}

function showCommand({ line, shown = line }: Command): string {
  return printable(shown);
}
