import { createHmac } from "node:crypto";
import type { TlsOptions } from "node:tls";
import type { Listen } from "../servers/fault-server.ts";
import { type LineServer, startLineServer, type Talk } from "../servers/line-server.ts";

/** What a server does about a command: says something, or whatever a function does. */
export type Act = string | ((talk: Talk, line: string) => void);

/** A mail server as a table: what it does about each command. What it does not name, a healthy server does. */
export interface SmtpScript {
  readonly greeting?: Act;
  /** By the command's first word. */
  readonly commands?: Readonly<Record<string, Act>>;
  /** What STARTTLS, or `implicit`, presents; without it STARTTLS is not offered. */
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
  readonly pieces?: "bytes";
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

/** A scripted mail server on a free port of the loopback. */
export function startSmtpServer(script: SmtpScript = {}, listen?: Listen): Promise<LineServer> {
  const { tls, security = "plain", pieces = "whole" } = script;
  return startLineServer(
    {
      greet: (talk) => perform(script.greeting ?? "220 mail.test ESMTP ready", talk, ""),
      obey: (talk, line) => obey(line, talk, script),
      tls,
      security,
      pieces,
    },
    listen,
  );
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
