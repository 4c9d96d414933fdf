import { type Dialogue, type DialogueFault, dialogueFault } from "../dialogue-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { greetingFaults } from "../greeting-faults.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { ACCOUNT, type Pop3Script, startPop3Server } from "./pop3-server.ts";

/** What may happen to a dialogue of POP3; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return [...greetingFaults("+OK ready"), ...DIALOGUE_FAULTS].map((fault) => dialogueFault(POP3, fault));
}

const POP3: Dialogue<Pop3Script> = { subject: "pop3", start: startPop3Server };

const LOGIN: Settings = { ...ACCOUNT, plaintext_login: "allow" };

const DIALOGUE_FAULTS: readonly DialogueFault<Pop3Script>[] = [
  { name: "a healthy server", outcome: "success", script: {}, settings: LOGIN },
  {
    name: "a server that never answers the goodbye",
    outcome: "success",
    script: { commands: { QUIT: () => undefined } },
  },
  {
    name: "a server that falls silent at the login",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    settings: LOGIN,
    script: { commands: { PASS: () => undefined } },
  },
  {
    name: "a server that hangs up in the middle of its capabilities",
    outcome: "exchange/closed",
    script: { commands: { CAPA: ({ socket }) => socket.end("+OK\r\nTOP\r\nUI") } },
  },
  {
    name: "a server that hangs up at the password",
    outcome: "exchange/closed",
    settings: LOGIN,
    script: { commands: { PASS: ({ socket }) => socket.end() } },
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    settings: LOGIN,
    script: { commands: { CAPA: ({ socket }) => socket.write("+OK\r\n.\r\n", () => breakOff(socket)) } },
  },
  {
    name: "a server that turns everybody away",
    outcome: "exchange/malformed",
    script: { greeting: "-ERR [SYS/TEMP] Too many connections" },
  },
  {
    name: "a server that speaks another protocol",
    outcome: "exchange/malformed",
    script: { greeting: "* OK IMAP4rev1 ready" },
  },
  {
    name: "capabilities without end",
    outcome: "exchange/malformed",
    script: {
      commands: {
        CAPA({ socket }) {
          socket.write("+OK\r\n");
          writeForever(socket, "X-ONE-MORE\r\n".repeat(100));
        },
      },
    },
  },
  {
    name: "a server that offers STLS and then refuses it",
    outcome: "exchange/malformed",
    script: { tls: {}, commands: { STLS: "-ERR Not now" } },
  },
  {
    name: "replies that somebody put in before the TLS handshake",
    outcome: "exchange/malformed",
    script: { tls: {}, commands: { STLS: "+OK Begin TLS\r\n+OK" } },
  },
  {
    name: "a maildrop of no size",
    outcome: "exchange/malformed",
    settings: LOGIN,
    script: { commands: { STAT: "+OK many" } },
  },
  {
    name: "a server without STLS where TLS is required",
    outcome: "tls/not-offered",
    settings: { starttls: "required" },
    script: {},
  },
  { name: "a login that would go in the clear", outcome: "tls/not-offered", settings: { ...ACCOUNT }, script: {} },
  {
    name: "a wrong password",
    outcome: "login/rejected",
    settings: { ...LOGIN, password: "battery-staple" },
    script: {},
  },
  {
    name: "a user who may not log in",
    outcome: "login/rejected",
    settings: LOGIN,
    script: { commands: { USER: "-ERR Unknown user" } },
  },
  {
    name: "a maildrop that another session holds",
    outcome: "login/rejected",
    settings: LOGIN,
    script: { commands: { PASS: "-ERR [IN-USE] Maildrop is locked" } },
  },
  {
    name: "a server without the timestamp that APOP needs",
    outcome: "login/rejected",
    settings: { ...ACCOUNT, auth_method: "apop" },
    script: {},
  },
];
