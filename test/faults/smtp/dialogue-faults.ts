import { type Dialogue, type DialogueFault, dialogueFault } from "../dialogue-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { greetingFaults } from "../greeting-faults.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { type Account, replyToEhlo, type SmtpScript, startSmtpServer } from "./smtp-server.ts";

/** What may happen to a dialogue of SMTP; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return [...greetingFaults("220 ready"), ...DIALOGUE_FAULTS].map((fault) => dialogueFault(SMTP, fault));
}

const SMTP: Dialogue<SmtpScript> = { subject: "smtp", start: startSmtpServer };

const ACCOUNT: Account = { username: "prober", password: "correct-horse", mechanisms: "PLAIN LOGIN", inTheClear: true };
const LOGIN: Settings = { username: "prober", password: "correct-horse", plaintext_login: "allow" };

const DIALOGUE_FAULTS: readonly DialogueFault<SmtpScript>[] = [
  { name: "a healthy server", outcome: "success", script: { account: ACCOUNT }, settings: LOGIN },
  {
    name: "a server whose list of capabilities stops halfway",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    script: { commands: { EHLO: "250-mail.test" } },
  },
  {
    name: "a server that hangs up in the middle of a reply",
    outcome: "exchange/closed",
    script: { commands: { EHLO: ({ socket }) => socket.end("250-mail.test\r\n250-PIPEL") } },
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    settings: { mail_from: "prober@example.com" },
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
    settings: { mail_from: "prober@example.com", recipient: "nobody@example.com" },
    script: { commands: { RCPT: "550 5.1.1 No such user" } },
  },
  {
    name: "a server without STARTTLS where TLS is required",
    outcome: "tls/not-offered",
    settings: { starttls: "required" },
    script: {},
  },
  {
    name: "a login that would go in the clear",
    outcome: "tls/not-offered",
    settings: { username: "prober", password: "correct-horse" },
    script: { account: ACCOUNT },
  },
  {
    name: "a wrong password",
    outcome: "login/rejected",
    settings: { ...LOGIN, password: "battery-staple" },
    script: { account: ACCOUNT },
  },
  {
    name: "a server that offers no login",
    outcome: "login/rejected",
    settings: LOGIN,
    script: {},
  },
];
