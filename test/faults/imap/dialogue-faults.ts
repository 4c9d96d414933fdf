import { type Dialogue, type DialogueFault, dialogueFault } from "../dialogue-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { greetingFaults } from "../greeting-faults.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { ACCOUNT, type ImapScript, startImapServer } from "./imap-server.ts";

/** What may happen to a dialogue of IMAP; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return [...greetingFaults("* OK ready"), ...DIALOGUE_FAULTS].map((fault) => dialogueFault(IMAP, fault));
}

const IMAP: Dialogue<ImapScript> = { subject: "imap", start: startImapServer };

const LOGIN: Settings = { ...ACCOUNT, plaintext_login: "allow" };

const DIALOGUE_FAULTS: readonly DialogueFault<ImapScript>[] = [
  { name: "a healthy server", outcome: "success", script: {}, settings: LOGIN },
  {
    name: "a server that never answers the goodbye",
    outcome: "success",
    script: { commands: { LOGOUT: () => undefined } },
  },
  {
    name: "a literal that is longer than what comes",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    settings: LOGIN,
    script: { commands: { STATUS: "* STATUS {4000}\r\nINBOX (MESSAGES 3)\r\nTAG OK Done" } },
  },
  {
    name: "a server that hangs up in the middle of its capabilities",
    outcome: "exchange/closed",
    script: { commands: { CAPABILITY: ({ socket }) => socket.end("* CAPABILITY IMAP4") } },
  },
  {
    name: "a server that hangs up at the password",
    outcome: "exchange/closed",
    settings: LOGIN,
    script: { commands: { LOGIN: ({ socket }) => socket.end() } },
  },
  {
    name: "a server that ends the session in the middle",
    outcome: "exchange/closed",
    settings: LOGIN,
    script: { commands: { STATUS: "* BYE Shutting down" } },
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    settings: LOGIN,
    script: {
      commands: {
        CAPABILITY({ socket }, { tag }) {
          socket.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK Done\r\n`, () => breakOff(socket));
        },
      },
    },
  },
  {
    name: "a server that turns everybody away",
    outcome: "exchange/malformed",
    script: { greeting: "* BYE [UNAVAILABLE] Too many connections" },
  },
  {
    name: "a server that speaks another protocol",
    outcome: "exchange/malformed",
    script: { greeting: "+OK POP3 ready" },
  },
  {
    name: "news without end",
    outcome: "exchange/malformed",
    script: { commands: { CAPABILITY: ({ socket }) => writeForever(socket, "* 1 EXISTS\r\n".repeat(100)) } },
  },
  {
    name: "a literal as large as a disk",
    outcome: "exchange/malformed",
    settings: LOGIN,
    script: { commands: { STATUS: "* STATUS {999999999999}" } },
  },
  {
    name: "literals without end",
    outcome: "exchange/malformed",
    settings: LOGIN,
    script: {
      commands: {
        STATUS({ socket }) {
          socket.write("* STATUS {1}\r\n");
          writeForever(socket, "a {1}\r\n".repeat(100));
        },
      },
    },
  },
  {
    name: "a literal that is shorter than what comes",
    outcome: "exchange/malformed",
    settings: LOGIN,
    script: { commands: { STATUS: "* STATUS {2}\r\nINBOX (MESSAGES 3 UNSEEN 1)\r\nTAG OK Done" } },
  },
  {
    name: "a server that offers STARTTLS and then refuses it",
    outcome: "exchange/malformed",
    script: { tls: {}, commands: { STARTTLS: "TAG NO Not now" } },
  },
  {
    name: "replies that somebody put in before the TLS handshake",
    outcome: "exchange/malformed",
    script: { tls: {}, commands: { STARTTLS: "TAG OK Begin TLS\r\n* CAPABILITY IMAP4rev1" } },
  },
  {
    name: "a mailbox that does not exist",
    outcome: "exchange/malformed",
    settings: { ...LOGIN, mailbox: "Nowhere" },
    script: { commands: { STATUS: "TAG NO [NONEXISTENT] No such mailbox" } },
  },
  {
    name: "a server that does not know the command for the login",
    outcome: "exchange/malformed",
    settings: LOGIN,
    script: { commands: { LOGIN: "TAG BAD Unknown command" } },
  },
  {
    name: "a server without STARTTLS where TLS is required",
    outcome: "tls/not-offered",
    settings: { starttls: "required" },
    script: {},
  },
  {
    name: "a login declared over before TLS could start",
    outcome: "tls/not-offered",
    settings: { starttls: "required" },
    script: { tls: {}, greeting: "* PREAUTH Welcome" },
  },
  { name: "a login that would go in the clear", outcome: "tls/not-offered", settings: { ...ACCOUNT }, script: {} },
  {
    name: "a wrong password",
    outcome: "login/rejected",
    settings: { ...LOGIN, password: "battery-staple" },
    script: {},
  },
  {
    name: "a server that forbids the login",
    outcome: "login/rejected",
    settings: LOGIN,
    script: { capabilities: ["LOGINDISABLED"] },
  },
];
