import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Fault, Settings } from "../fault.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { type Account, replyToEhlo, type SmtpScript, startSmtpServer } from "./smtp-server.ts";

/** What may happen to a dialogue of SMTP; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return DIALOGUE_FAULTS.map(dialogueFault);
}

interface DialogueFault {
  readonly name: string;
  readonly outcome: Outcome;
  readonly script: SmtpScript;
  /** The module's keys beside the protocol's block. */
  readonly module?: Settings;
  readonly smtp?: Settings;
}

const ACCOUNT: Account = { username: "prober", password: "correct-horse", mechanisms: "PLAIN LOGIN", inTheClear: true };
const LOGIN: Settings = { username: "prober", password: "correct-horse", plaintext_login: "allow" };

const DIALOGUE_FAULTS: readonly DialogueFault[] = [
  { name: "a healthy server", outcome: "success", script: { account: ACCOUNT }, smtp: LOGIN },
  {
    name: "a server that takes longer than it may",
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    script: {
      greeting(talk) {
        const wait = setTimeout(() => talk.say("220 ready"), 60);
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
    script: { greeting: ({ socket }) => socket.write("220 mail.te") },
  },
  {
    name: "a server whose list of capabilities stops halfway",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    script: { commands: { EHLO: "250-mail.test" } },
  },
  {
    name: "a server that hangs up at once",
    outcome: "exchange/closed",
    script: { greeting: ({ socket }) => socket.end() },
  },
  {
    name: "a server that hangs up in the middle of a reply",
    outcome: "exchange/closed",
    script: { commands: { EHLO: ({ socket }) => socket.end("250-mail.test\r\n250-PIPEL") } },
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    smtp: { mail_from: "prober@example.com" },
    script: { commands: { EHLO: ({ socket }) => socket.write("250 mail.test\r\n", () => breakOff(socket)) } },
  },
  { name: "a server that is too busy", outcome: "exchange/malformed", script: { greeting: "421 4.3.2 Too busy" } },
  { name: "a server that takes no mail", outcome: "exchange/malformed", script: { greeting: "554 No SMTP here" } },
  {
    name: "a server that speaks another protocol",
    outcome: "exchange/malformed",
    script: { greeting: "SSH-2.0-OpenSSH_9.9" },
  },
  {
    name: "a line without end",
    outcome: "exchange/malformed",
    script: { greeting: ({ socket }) => writeForever(socket, "2".repeat(16 * 1024)) },
  },
  {
    name: "a greeting without a last line",
    outcome: "exchange/malformed",
    script: { greeting: ({ socket }) => writeForever(socket, "220-mail.test\r\n".repeat(100)) },
  },
  {
    name: "a server that knows neither EHLO nor HELO",
    outcome: "exchange/malformed",
    script: { commands: { EHLO: "502 5.5.1 Unknown", HELO: "502 5.5.1 Unknown" } },
  },
  {
    name: "a server that offers STARTTLS and then refuses it",
    outcome: "exchange/malformed",
    script: {
      commands: {
        EHLO: (talk) => talk.say(...replyToEhlo(["STARTTLS"])),
        STARTTLS: "454 4.7.0 TLS not available",
      },
    },
  },
  {
    name: "replies that somebody put in before the TLS handshake",
    outcome: "exchange/malformed",
    script: {
      commands: {
        EHLO: (talk) => talk.say(...replyToEhlo(["STARTTLS"])),
        STARTTLS: "220 Go ahead\r\n250 mail.test",
      },
    },
  },
  {
    name: "a recipient whom the server does not know",
    outcome: "exchange/malformed",
    smtp: { mail_from: "prober@example.com", recipient: "nobody@example.com" },
    script: { commands: { RCPT: "550 5.1.1 No such user" } },
  },
  {
    name: "a server without STARTTLS where TLS is required",
    outcome: "tls/not-offered",
    smtp: { starttls: "required" },
    script: {},
  },
  {
    name: "a login that would go in the clear",
    outcome: "tls/not-offered",
    smtp: { username: "prober", password: "correct-horse" },
    script: { account: ACCOUNT },
  },
  {
    name: "a wrong password",
    outcome: "login/rejected",
    smtp: { ...LOGIN, password: "battery-staple" },
    script: { account: ACCOUNT },
  },
  {
    name: "a server that offers no login",
    outcome: "login/rejected",
    smtp: LOGIN,
    script: {},
  },
];

function dialogueFault({ name, outcome, script, module, smtp }: DialogueFault): Fault {
  return {
    subject: "smtp",
    name,
    outcome,
    async start() {
      const server = await startSmtpServer(script);
      const target = `smtp://${server.host}:${server.port}`;
      return {
        target,
        module: { prober: "smtp", timeout: "5s", ...module, ...(smtp === undefined ? {} : { smtp }) },
        server,
      };
    },
  };
}
