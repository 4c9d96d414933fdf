import { createHash } from "node:crypto";
import type { TlsOptions } from "node:tls";
import type { Listen } from "../servers/fault-server.ts";
import { type LineServer, startLineServer, type Talk } from "../servers/line-server.ts";

/** What a server does about a command: says something, or whatever a function does. */
export type Act = string | ((talk: Talk, line: string) => void);

/** A POP3 server as a table: what it does about each command. What it does not name, a healthy server does. */
export interface Pop3Script {
  readonly greeting?: Act;
  /** By the command's first word. */
  readonly commands?: Readonly<Record<string, Act>>;
  /** What STLS, or TLS from the first byte, presents; without it STLS is not offered. */
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
  readonly pieces?: "bytes";
  /** The lines of the answer to CAPA beside STLS. */
  readonly capabilities?: readonly string[];
  /** For APOP. */
  readonly timestamp?: string;
}

/** The only user of every server. */
export const ACCOUNT = { username: "prober", password: "correct-horse" } as const;

/** A scripted POP3 server on a free port of the loopback. */
export function startPop3Server(script: Pop3Script = {}, listen?: Listen): Promise<LineServer> {
  const { tls, security = "plain", pieces = "whole", timestamp } = script;
  const greeting = timestamp === undefined ? "+OK Maildrop of example.test" : `+OK Maildrop ${timestamp}`;
  return startLineServer(
    {
      greet: (talk) => perform(script.greeting ?? greeting, talk, ""),
      obey(talk, line) {
        const verb = line.split(" ")[0]?.toUpperCase() ?? "";
        perform(script.commands?.[verb] ?? healthy(verb, script), talk, line);
      },
      tls,
      security,
      pieces,
    },
    listen,
  );
}

function perform(act: Act, talk: Talk, line: string): void {
  if (typeof act === "string") talk.say(act);
  else act(talk, line);
}

function healthy(verb: string, script: Pop3Script): Act {
  return HEALTHY[verb]?.(script) ?? "-ERR Unknown command";
}

const REJECTED = "-ERR [AUTH] Wrong password";

const HEALTHY: Readonly<Record<string, (script: Pop3Script) => Act>> = {
  CAPA: (script) => (talk) => talk.say("+OK", ...capabilitiesOf(script, talk), "."),
  STLS: () => (talk) => {
    talk.say("+OK Begin TLS");
    talk.startTls();
  },
  USER: () => "+OK",
  PASS: () => (talk, line) => settle(talk, line === `PASS ${ACCOUNT.password}`),
  APOP:
    ({ timestamp = "" }) =>
    (talk, line) => {
      const digest = createHash("md5").update(`${timestamp}${ACCOUNT.password}`).digest("hex");
      settle(talk, line === `APOP ${ACCOUNT.username} ${digest}`);
    },
  AUTH: () => (talk) => {
    talk.say("+ ");
    talk.next((message) => {
      const said = Buffer.from(message, "base64").toString();
      settle(talk, said === `\0${ACCOUNT.username}\0${ACCOUNT.password}`);
    });
  },
  STAT: () => "+OK 2 320",
  QUIT: () => (talk) => {
    talk.say("+OK Bye");
    talk.socket.end();
  },
};

function capabilitiesOf({ tls, capabilities = CAPABILITIES }: Pop3Script, { encrypted }: Talk): readonly string[] {
  return tls !== undefined && !encrypted ? [...capabilities, "STLS"] : capabilities;
}

const CAPABILITIES = ["TOP", "UIDL", "USER", "SASL PLAIN", "RESP-CODES"];

function settle(talk: Talk, isRight: boolean): void {
  talk.say(isRight ? "+OK Logged in" : REJECTED);
}
