import type { Socket } from "node:net";
import { LineDialogue } from "../../../network/line-dialogue.ts";
import { malformed, notOffered } from "./refusal.ts";

/** STARTTLS of SMTP (RFC 3207). */
export async function askSmtp(socket: Socket): Promise<void> {
  using dialogue = new LineDialogue(socket);
  await expectCode(dialogue, { code: "220", what: "a greeting of SMTP" });
  // A name that can be nobody's (RFC 2606 §2); what it says does not matter to a server that is only asked for TLS.
  await dialogue.sendLine("EHLO status-exporter.invalid");
  const offers = await expectCode(dialogue, { code: "250", what: "a reply of 250 to EHLO" });
  if (!offers.some((line) => /^250[ -]STARTTLS\b/iu.test(line))) {
    throw notOffered("The server does not list STARTTLS", offers.join(" "));
  }
  await ask(dialogue, { command: "STARTTLS", code: "220" });
  dialogue.handOver();
}

/** AUTH TLS of FTP (RFC 4217). */
export async function askFtp(socket: Socket): Promise<void> {
  using dialogue = new LineDialogue(socket);
  await expectCode(dialogue, { code: "220", what: "a greeting of FTP" });
  await ask(dialogue, { command: "AUTH TLS", code: "234" });
  dialogue.handOver();
}

/** STLS of POP3 (RFC 2595). */
export async function askPop3(socket: Socket): Promise<void> {
  using dialogue = new LineDialogue(socket);
  const greeting = await dialogue.readLine();
  if (!greeting.startsWith("+OK")) throw malformed("a greeting of POP3", greeting);
  await dialogue.sendLine("STLS");
  const reply = await dialogue.readLine();
  if (reply.startsWith("-ERR")) throw notOffered("The server refused STLS", reply);
  if (!reply.startsWith("+OK")) throw malformed("+OK or -ERR", reply);
  dialogue.handOver();
}

/** STARTTLS of IMAP (RFC 9051 §6.2.1). */
export async function askImap(socket: Socket): Promise<void> {
  using dialogue = new LineDialogue(socket);
  const greeting = await dialogue.readLine();
  if (!/^\* (?:OK|PREAUTH)\b/iu.test(greeting)) throw malformed("a greeting of IMAP", greeting);
  await dialogue.sendLine("a STARTTLS");
  const lines = await dialogue.readLines((line) => !line.startsWith("* "));
  const reply = lines.at(-1) ?? "";
  if (/^a (?:NO|BAD)\b/iu.test(reply)) throw notOffered("The server refused STARTTLS", reply);
  if (!/^a OK\b/iu.test(reply)) throw malformed("a reply to STARTTLS", reply);
  dialogue.handOver();
}

async function ask(
  dialogue: LineDialogue,
  { command, code }: { readonly command: string; readonly code: string },
): Promise<void> {
  await dialogue.sendLine(command);
  const lines = await readReply(dialogue);
  const reply = lines.join(" ");
  if (/^[45]/u.test(reply)) throw notOffered(`The server refused ${command}`, reply);
  if (!reply.startsWith(code)) throw malformed(`a reply of ${code} to ${command}`, reply);
}

async function expectCode(
  dialogue: LineDialogue,
  { code, what }: { readonly code: string; readonly what: string },
): Promise<readonly string[]> {
  const lines = await readReply(dialogue);
  if (!lines.every((line) => line.startsWith(code))) throw malformed(what, lines.join(" "));
  return lines;
}

/** A reply may have several lines (RFC 5321 §4.2.1); FTP lets those in between be anything (RFC 959 §4.2). */
async function readReply(dialogue: LineDialogue): Promise<readonly string[]> {
  const first = await dialogue.readLine();
  const code = /^\d{3}(?=-)/u.exec(first)?.[0];
  if (code === undefined) return [first];
  const rest = await dialogue.readLines((line) => line.startsWith(code) && line[3] !== "-");
  return [first, ...rest.filter((line) => line.startsWith(code))];
}
