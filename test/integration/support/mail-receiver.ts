import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";

/** A message that came in by SMTP. */
export interface Mail {
  readonly recipient: string;
  readonly subject: string;
  /** The whole of it, with quoted-printable parts as plain text. */
  readonly text: string;
}

export interface MailReceiver {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** In the order of their arrival. */
  readonly mails: readonly Mail[];
}

/** Takes mail from whoever sends it, in the clear. */
export async function startMailReceiver(stack: AsyncDisposableStack): Promise<MailReceiver> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    void converse(socket, mails).finally(() => sockets.delete(socket));
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${port}`, mails };
}

/** RFC 5321, as far as a client that is content with everything goes. */
async function converse(socket: Socket, mails: Mail[]): Promise<void> {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let recipient = "";
  let message: string[] | undefined;
  say("220 mail.test ESMTP");
  for await (const line of createInterface(socket)) {
    if (message === undefined) {
      recipient = /^RCPT TO:<(.+)>/i.exec(line)?.[1] ?? recipient;
      if (/^DATA/i.test(line)) message = [];
      say(replyTo(line));
      if (/^QUIT/i.test(line)) socket.end();
    } else if (line === ".") {
      mails.push(mailOf(message, recipient));
      message = undefined;
      say("250 Taken");
    } else message.push(line);
  }
}

function replyTo(line: string): string {
  if (/^DATA/i.test(line)) return "354 Go on";
  return /^QUIT/i.test(line) ? "221 Bye" : "250 OK";
}

function mailOf(lines: readonly string[], recipient: string): Mail {
  const text = lines
    .join("\n")
    .replaceAll("=\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, byte: string) => String.fromCodePoint(Number.parseInt(byte, 16)));
  return { recipient, subject: /^Subject: (.*)$/m.exec(text)?.[1] ?? "", text };
}
