import type { TlsOptions } from "node:tls";
import type { Listen } from "../servers/fault-server.ts";
import { type LineServer, startLineServer, type Talk } from "../servers/line-server.ts";

/** A command as an act sees it; a literal in `line` stands after its size and a line end. */
export interface Command {
  readonly tag: string;
  readonly line: string;
}

/** What a server does about a command: says something, in which `TAG` is the command's, or whatever a function does. */
export type Act = string | ((talk: Talk, command: Command) => void);

/** An IMAP server as a table: what it does about each command. What it does not name, a healthy server does. */
export interface ImapScript {
  readonly greeting?: Act;
  /** By the command's name. */
  readonly commands?: Readonly<Record<string, Act>>;
  /** What STARTTLS, or TLS from the first byte, presents; without it STARTTLS is not offered. */
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
  readonly pieces?: "bytes";
  /** Beside IMAP4rev1 and STARTTLS. */
  readonly capabilities?: readonly string[];
  readonly account?: Account;
}

interface Account {
  readonly username: string;
  readonly password: string;
}

/** The user of every server that has no other. */
export const ACCOUNT: Account = { username: "prober", password: "correct-horse" };

/** A scripted IMAP server on a free port of the loopback. */
export function startImapServer(script: ImapScript = {}, listen?: Listen): Promise<LineServer> {
  const { tls, security = "plain", pieces = "whole" } = script;
  return startLineServer(
    {
      greet: (talk) => perform(script.greeting ?? "* OK [CAPABILITY IMAP4rev1] Mail of example.test", talk, NOTHING),
      obey: (talk, line) => obey(talk, line, script),
      tls,
      security,
      pieces,
    },
    listen,
  );
}

const NOTHING: Command = { tag: "*", line: "" };

function obey(talk: Talk, line: string, script: ImapScript): void {
  if (/\{\d+\}$/u.test(line)) {
    talk.say("+ Go on");
    talk.next((more) => obey(talk, `${line}\r\n${more}`, script));
    return;
  }
  const [tag = "", name = ""] = line.split(" ");
  perform(script.commands?.[name] ?? HEALTHY[name]?.(script) ?? "TAG BAD Unknown command", talk, { tag, line });
}

function perform(act: Act, talk: Talk, command: Command): void {
  if (typeof act === "string") talk.say(act.replaceAll("TAG", command.tag));
  else act(talk, command);
}

const HEALTHY: Readonly<Record<string, (script: ImapScript) => Act>> = {
  CAPABILITY:
    (script) =>
    (talk, { tag }) => {
      talk.say(`* CAPABILITY ${capabilitiesOf(script, talk).join(" ")}`, `${tag} OK Done`);
    },
  STARTTLS:
    () =>
    (talk, { tag }) => {
      talk.say(`${tag} OK Begin TLS`);
      talk.startTls();
    },
  LOGIN: ({ account = ACCOUNT }) => {
    return (talk, { tag, line }) => {
      const strings = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|\{\d+\}\r\n([^ ]+)/gu)];
      const [username, password] = strings.map(([, quoted, literal]) => quoted?.replaceAll(/\\(.)/gu, "$1") ?? literal);
      settle(talk, tag, username === account.username && password === account.password);
    };
  },
  AUTHENTICATE: ({ account = ACCOUNT }) => {
    return (talk, { tag, line }) => {
      const decide = (message: string): void => {
        const said = Buffer.from(message, "base64").toString();
        settle(talk, tag, said === `\0${account.username}\0${account.password}`);
      };
      const initial = line.split(" ")[3];
      if (initial !== undefined) return decide(initial);
      talk.say("+ ");
      talk.next(decide);
    };
  },
  STATUS: () => '* STATUS "INBOX" (MESSAGES 3 UNSEEN 1 RECENT 0 UIDNEXT 44)\r\nTAG OK Done',
  LOGOUT:
    () =>
    (talk, { tag }) => {
      talk.say("* BYE Logging out", `${tag} OK Done`);
      talk.socket.end();
    },
};

function capabilitiesOf({ tls, capabilities = ["AUTH=PLAIN"] }: ImapScript, { encrypted }: Talk): readonly string[] {
  return ["IMAP4rev1", ...capabilities, ...(tls !== undefined && !encrypted ? ["STARTTLS"] : [])];
}

function settle(talk: Talk, tag: string, isRight: boolean): void {
  talk.say(isRight ? `${tag} OK Logged in` : `${tag} NO [AUTHENTICATIONFAILED] Wrong password`);
}
