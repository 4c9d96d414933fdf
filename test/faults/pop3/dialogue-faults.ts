import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Fault, Settings } from "../fault.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { ACCOUNT, type Pop3Script, startPop3Server } from "./pop3-server.ts";

/** What may happen to a dialogue of POP3; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return DIALOGUE_FAULTS.map(dialogueFault);
}

interface DialogueFault {
  readonly name: string;
  readonly outcome: Outcome;
  readonly script: Pop3Script;
  /** The module's keys beside the protocol's block. */
  readonly module?: Settings;
  readonly pop3?: Settings;
}

const LOGIN: Settings = { ...ACCOUNT, plaintext_login: "allow" };

const DIALOGUE_FAULTS: readonly DialogueFault[] = [
  { name: "a healthy server", outcome: "success", script: {}, pop3: LOGIN },
  {
    name: "a server that never answers the goodbye",
    outcome: "success",
    script: { commands: { QUIT: () => undefined } },
  },
  {
    name: "a server that takes longer than it may",
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    script: {
      greeting(talk) {
        const wait = setTimeout(() => talk.say("+OK ready"), 60);
        talk.socket.on("close", () => clearTimeout(wait));
      },
    },
  },
  {
    name: "a server that accepts and stays silent",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    script: { greeting: () => undefined },
  },
  {
    name: "a server that stops in the middle of a line",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    script: { greeting: ({ socket }) => socket.write("+OK rea") },
  },
  {
    name: "a server that falls silent at the login",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    pop3: LOGIN,
    script: { commands: { PASS: () => undefined } },
  },
  {
    name: "a server that hangs up at once",
    outcome: "exchange/closed",
    script: { greeting: ({ socket }) => socket.end() },
  },
  {
    name: "a server that hangs up in the middle of its capabilities",
    outcome: "exchange/closed",
    script: { commands: { CAPA: ({ socket }) => socket.end("+OK\r\nTOP\r\nUI") } },
  },
  {
    name: "a server that hangs up at the password",
    outcome: "exchange/closed",
    pop3: LOGIN,
    script: { commands: { PASS: ({ socket }) => socket.end() } },
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    pop3: LOGIN,
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
    name: "a line without end",
    outcome: "exchange/malformed",
    script: { greeting: ({ socket }) => writeForever(socket, "+".repeat(16 * 1024)) },
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
    pop3: LOGIN,
    script: { commands: { STAT: "+OK many" } },
  },
  {
    name: "a server without STLS where TLS is required",
    outcome: "tls/not-offered",
    pop3: { starttls: "required" },
    script: {},
  },
  { name: "a login that would go in the clear", outcome: "tls/not-offered", pop3: { ...ACCOUNT }, script: {} },
  {
    name: "a wrong password",
    outcome: "login/rejected",
    pop3: { ...LOGIN, password: "battery-staple" },
    script: {},
  },
  {
    name: "a user who may not log in",
    outcome: "login/rejected",
    pop3: LOGIN,
    script: { commands: { USER: "-ERR Unknown user" } },
  },
  {
    name: "a maildrop that another session holds",
    outcome: "login/rejected",
    pop3: LOGIN,
    script: { commands: { PASS: "-ERR [IN-USE] Maildrop is locked" } },
  },
  {
    name: "a server without the timestamp that APOP needs",
    outcome: "login/rejected",
    pop3: { ...ACCOUNT, auth_method: "apop" },
    script: {},
  },
];

function dialogueFault({ name, outcome, script, module, pop3 }: DialogueFault): Fault {
  return {
    subject: "pop3",
    name,
    outcome,
    async start() {
      const server = await startPop3Server(script);
      const target = `pop3://${server.host}:${server.port}`;
      return {
        target,
        module: { prober: "pop3", timeout: "5s", ...module, ...(pop3 === undefined ? {} : { pop3 }) },
        server,
      };
    },
  };
}
