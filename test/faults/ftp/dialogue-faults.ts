import { type Dialogue, type DialogueFault, dialogueFault } from "../dialogue-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { greetingFaults } from "../greeting-faults.ts";
import { writeForever } from "../servers/answers.ts";
import { breakOff } from "../servers/stream-server.ts";
import { type Act, type FtpScript, README, startFtpServer, type Talk } from "./ftp-server.ts";

/** What may happen to a dialogue of FTP and to its transfers; and one to which nothing happens. */
export function dialogueFaults(): readonly Fault[] {
  return [
    ...greetingFaults("220 ready"),
    ...CONVERSATION_FAULTS,
    ...LOGIN_FAULTS,
    ...COMMAND_FAULTS,
    ...TRANSFER_FAULTS,
  ].map((fault) => dialogueFault(FTP, fault));
}

const FTP: Dialogue<FtpScript> = { subject: "ftp", start: startFtpServer };

const ACCOUNT: Settings = { username: "prober", password: "correct-horse", plaintext_login: "allow" };
const EVERYTHING: Settings = {
  change_directory: "/pub",
  list: true,
  size: "readme.txt",
  download: "readme.txt",
  upload: true,
};
const HURRIED: Settings = { timeout: "1500ms" };

const CONVERSATION_FAULTS: readonly DialogueFault<FtpScript>[] = [
  { name: "a healthy server", outcome: "success", script: {}, settings: { ...ACCOUNT, ...EVERYTHING } },
  {
    name: "a server whose greeting of several lines never ends",
    outcome: "exchange/timeout",
    module: HURRIED,
    script: { greeting: "220-Welcome" },
  },
  {
    name: "a server that does not answer a command",
    outcome: "exchange/timeout",
    module: HURRIED,
    script: { commands: { CWD: stayPut } },
    settings: EVERYTHING,
  },
  {
    name: "a server that hangs up in the middle of a reply",
    outcome: "exchange/closed",
    script: { commands: { USER: ({ socket }) => socket.end("331-Please\r\n331 spec") } },
  },
  {
    name: "a server that breaks the connection off",
    outcome: "exchange/closed",
    script: { commands: { USER: ({ socket }) => breakOff(socket) } },
  },
  {
    name: "a server that closes the session",
    outcome: "exchange/closed",
    script: { commands: { TYPE: "421 Timeout" } },
    settings: EVERYTHING,
  },
  { name: "a server that is too busy", outcome: "exchange/malformed", script: { greeting: "421 Too many users" } },
  { name: "a server that is not ready yet", outcome: "exchange/malformed", script: { greeting: "120 In 5 minutes" } },
  {
    name: "a server that speaks another protocol",
    outcome: "exchange/malformed",
    script: { greeting: "SSH-2.0-OpenSSH_9.9" },
  },
  {
    name: "a reply of lines without end",
    outcome: "exchange/malformed",
    script: { greeting: ({ socket }) => writeForever(socket, "220-Welcome\r\n".repeat(100)) },
  },
  {
    name: "a reply without a code",
    outcome: "exchange/malformed",
    script: { commands: { USER: "Please specify the password" } },
  },
];

const LOGIN_FAULTS: readonly DialogueFault<FtpScript>[] = [
  {
    name: "a password that is wrong",
    outcome: "login/rejected",
    script: { commands: { PASS: "530 Login incorrect" } },
    settings: ACCOUNT,
  },
  {
    name: "a user that is not known",
    outcome: "login/rejected",
    script: { commands: { USER: "430 Invalid username" } },
    settings: ACCOUNT,
  },
  {
    name: "a server that wants an account besides",
    outcome: "login/rejected",
    script: { commands: { PASS: "332 Need account" } },
    settings: ACCOUNT,
  },
  {
    name: "a server that lets nobody in without a name",
    outcome: "login/anonymous-denied",
    script: { commands: { USER: "530 No anonymous access" } },
  },
  {
    name: "a server that wants a real password",
    outcome: "login/anonymous-denied",
    script: { commands: { PASS: "530 Login incorrect" } },
  },
  {
    name: "a server that asks for the password without end",
    outcome: "login/anonymous-denied",
    script: { commands: { PASS: "331 Please specify the password" } },
  },
  {
    name: "a server that wants a login after all",
    outcome: "login/required",
    script: { commands: { CWD: "530 Please log in" } },
    settings: EVERYTHING,
  },
  {
    name: "a server that wants an account for storing files",
    outcome: "login/required",
    script: { commands: { STOR: "532 Need account" } },
    settings: EVERYTHING,
  },
  {
    name: "a server without TLS where the module requires it",
    outcome: "tls/not-offered",
    script: {},
    settings: { starttls: "required" },
  },
  {
    name: "a server without TLS for a password that must not go in the clear",
    outcome: "tls/not-offered",
    script: {},
    settings: { username: "prober", password: "correct-horse" },
  },
  {
    name: "a server whose consent to TLS comes with more",
    outcome: "exchange/malformed",
    script: { commands: { AUTH: ({ socket }) => socket.write("234 Proceed\r\n230 Logged in\r\n") } },
  },
];

const COMMAND_FAULTS: readonly DialogueFault<FtpScript>[] = [
  commandFault("a directory that does not exist", { CWD: "550 Failed to change directory" }),
  commandFault("a server that cannot be made to send bytes", { TYPE: "504 Unsupported type" }),
  commandFault("a file that does not exist", { RETR: "550 Failed to open file" }),
  commandFault("a file without a size", { SIZE: "550 Could not get file size" }),
  commandFault("a server without passive mode", { EPSV: "500 Unknown command", PASV: "502 Not implemented" }),
  commandFault("a server that does not let go of a file", { DELE: "550 Permission denied" }),
];

function commandFault(name: string, commands: Readonly<Record<string, Act>>): DialogueFault<FtpScript> {
  return { name, outcome: "exchange/command-failed", script: { commands }, settings: EVERYTHING };
}

const TRANSFER_FAULTS: readonly DialogueFault<FtpScript>[] = [
  transferFault("a data connection that is refused", { EPSV: nameClosedPort }),
  transferFault("a data connection that the server cannot open", { LIST: "425 Cannot open data connection" }),
  transferFault("a file that another process has locked", { RETR: "450 File busy" }),
  transferFault("a file that cannot be stored under its name", { STOR: "553 Could not create file" }),
  transferFault("a disk that is full", { STOR: "452 Insufficient storage" }),
  transferFault("a quota that is exceeded in the middle", { STOR: exceedQuota }),
  transferFault("a transfer that the server breaks off", { RETR: breakOffData }),
  transferFault("a data connection that stalls", { RETR: stall }, HURRIED),
  transferFault("a transfer that is never announced", { LIST: stayPut }, HURRIED),
  transferFault("a transfer whose end is never told", { RETR: sendWithoutEnd }, HURRIED),
];

function transferFault(
  name: string,
  commands: Readonly<Record<string, Act>>,
  module: Settings = {},
): DialogueFault<FtpScript> {
  return { name, outcome: "exchange/transfer-failed", script: { commands }, module, settings: EVERYTHING };
}

function stayPut(): void {}

/** The near end of the client's own connection: nobody listens there. */
function nameClosedPort(talk: Talk): void {
  talk.say(`229 Entering Extended Passive Mode (|||${talk.socket.remotePort}|)`);
}

async function exceedQuota(talk: Talk, name: string): Promise<void> {
  talk.say("150 Ok to send data");
  const data = await talk.data();
  data.once("data", (piece: Buffer) => {
    talk.store.set(name, piece);
    data.end();
    talk.say("552 Quota exceeded");
  });
}

async function breakOffData(talk: Talk): Promise<void> {
  talk.say("150 Here it comes");
  breakOff(await talk.data());
  talk.say("426 Failure writing network stream");
}

async function stall(talk: Talk): Promise<void> {
  talk.say("150 Here it comes");
  const data = await talk.data();
  data.write("All is");
}

async function sendWithoutEnd(talk: Talk): Promise<void> {
  talk.say("150 Here it comes");
  const data = await talk.data();
  data.end(README);
}
