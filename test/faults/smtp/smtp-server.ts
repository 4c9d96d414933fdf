import { createHmac } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, TLSSocket, type TlsOptions } from "node:tls";
import { writeInPieces } from "../../probers/tcp/write-in-pieces.ts";
import { type FaultServer, type Listen, startServer } from "../servers/fault-server.ts";

/** What a server does about a line: says something (each part in a segment of its own), or whatever a function does. */
export type Act = string | ((talk: Talk, line: string) => void);

/** A mail server as a table: what it does about each command. What it does not name, a healthy server does. */
export interface SmtpScript {
  readonly greeting?: Act;
  /** By the command's first word. */
  readonly commands?: Readonly<Record<string, Act>>;
  /** What STARTTLS, or `implicit`, presents; without it STARTTLS is not offered. */
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
  /** What AUTH is offered with, and what it accepts. */
  readonly account?: Account;
}

export interface Account {
  readonly username: string;
  readonly password: string;
  /** As the reply to EHLO lists them. */
  readonly mechanisms: string;
  /** Whether AUTH is offered without TLS as well. */
  readonly inTheClear?: true;
}

/** A server with all that it was told. */
export interface SmtpServer extends FaultServer {
  readonly lines: readonly string[];
}

/** One connection, as an act sees it. */
export interface Talk {
  readonly socket: Socket;
  readonly encrypted: boolean;
  say(...replies: readonly string[]): void;
  /** The same in segments of one byte. */
  sayBytes(...replies: readonly string[]): void;
  /** What to do about the next line, which is no command. */
  next(act: (line: string) => void): void;
  /** Shakes hands and goes on within TLS. */
  startTls(): void;
}

/** A scripted mail server on a free port of the loopback. */
export async function startSmtpServer(script: SmtpScript = {}, listen: Listen = startServer): Promise<SmtpServer> {
  const lines: string[] = [];
  const serve = (socket: Socket): void => {
    const encrypted = script.security === "implicit";
    const talk = converse(socket, { script, encrypted, lines });
    perform(script.greeting ?? "220 mail.test ESMTP ready", talk, "");
  };
  const server =
    script.security === "implicit" ? createTlsServer(script.tls ?? {}, serve) : createServer({ noDelay: true }, serve);
  return { ...(await listen(server)), lines };
}

interface Serving {
  readonly script: SmtpScript;
  readonly encrypted: boolean;
  readonly lines: string[];
}

function converse(socket: Socket, { script, encrypted, lines }: Serving): Talk {
  let awaited: ((line: string) => void) | undefined;
  let held = "";
  // The peer may hang up at any moment; the end of the connection says all there is to say.
  socket.on("error", () => socket.destroy());
  const talk: Talk = {
    socket,
    encrypted,
    say: (...replies) => socket.write(linesOf(replies)),
    sayBytes: (...replies) => writeInPieces(socket, linesOf(replies).split("")),
    next(act) {
      awaited = act;
    },
    startTls() {
      socket.off("data", onData);
      const secureContext = createSecureContext(script.tls ?? {});
      converse(new TLSSocket(socket, { isServer: true, secureContext }), { script, encrypted: true, lines });
    },
  };
  const onData = (chunk: Buffer): void => {
    held += chunk.toString();
    for (let end = held.indexOf("\r\n"); end >= 0; end = held.indexOf("\r\n")) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      lines.push(line);
      const act = awaited ?? ((text: string) => obey(text, talk, script));
      awaited = undefined;
      act(line);
    }
  };
  socket.on("data", onData);
  return talk;
}

function linesOf(replies: readonly string[]): string {
  return replies.map((reply) => `${reply}\r\n`).join("");
}

function obey(line: string, talk: Talk, script: SmtpScript): void {
  const [verb = ""] = line.toUpperCase().split(" ");
  perform(script.commands?.[verb] ?? healthy(verb, { talk, script }), talk, line);
}

function perform(act: Act, talk: Talk, line: string): void {
  if (typeof act === "string") talk.say(act);
  else act(talk, line);
}

function healthy(verb: string, { talk, script }: { readonly talk: Talk; readonly script: SmtpScript }): Act {
  if (verb === "EHLO") return () => talk.say(...replyToEhlo(capabilitiesOf(script, talk)));
  if (verb === "STARTTLS" && script.tls !== undefined) {
    return () => {
      talk.say("220 2.0.0 Ready to start TLS");
      talk.startTls();
    };
  }
  if (verb === "AUTH" && script.account !== undefined) return authenticate(script.account);
  if (verb === "QUIT") return () => talk.socket.end("221 2.0.0 Bye\r\n");
  return ["HELO", "MAIL", "RCPT", "RSET", "NOOP"].includes(verb) ? "250 2.0.0 Ok" : "502 5.5.2 Command not recognized";
}

/** The lines of the reply to EHLO that lists these capabilities. */
export function replyToEhlo(capabilities: readonly string[]): readonly string[] {
  const texts = ["mail.test", ...capabilities];
  return texts.map((text, index) => `250${index === texts.length - 1 ? " " : "-"}${text}`);
}

function capabilitiesOf({ tls, account }: SmtpScript, { encrypted }: Talk): readonly string[] {
  const login = account !== undefined && (encrypted || account.inTheClear === true);
  return [
    "PIPELINING",
    "SIZE 10240000",
    ...(tls !== undefined && !encrypted ? ["STARTTLS"] : []),
    ...(login ? [`AUTH ${account.mechanisms}`] : []),
    "8BITMIME",
  ];
}

function authenticate(account: Account): Act {
  return (talk, line) => {
    const [, mechanism = "", initial] = line.split(" ");
    const settle = (isRight: boolean): void =>
      talk.say(isRight ? "235 2.7.0 Authentication successful" : "535 5.7.8 Authentication failed");
    const { username, password } = account;
    if (mechanism === "PLAIN") settle(decode(initial) === `\0${username}\0${password}`);
    else if (mechanism === "LOGIN") askTwice(talk, (name, word) => settle(name === username && word === password));
    else if (mechanism === "CRAM-MD5") challenge(talk, account, settle);
    else if (decode(initial) === `user=${username}\u0001auth=Bearer ${password}\u0001\u0001`) settle(true);
    else {
      talk.say(`334 ${Buffer.from('{"status":"401"}').toString("base64")}`);
      talk.next((empty) => settle(empty !== ""));
    }
  };
}

function askTwice(talk: Talk, settle: (username: string, password: string) => void): void {
  talk.say("334 VXNlcm5hbWU6");
  talk.next((username) => {
    talk.say("334 UGFzc3dvcmQ6");
    talk.next((password) => settle(decode(username), decode(password)));
  });
}

function challenge(talk: Talk, { username, password }: Account, settle: (isRight: boolean) => void): void {
  const text = "<1896.697170952@mail.test>";
  talk.say(`334 ${Buffer.from(text).toString("base64")}`);
  talk.next((answer) => {
    const digest = createHmac("md5", password).update(text).digest("hex");
    settle(decode(answer) === `${username} ${digest}`);
  });
}

function decode(text: string | undefined): string {
  return Buffer.from(text ?? "", "base64").toString();
}
