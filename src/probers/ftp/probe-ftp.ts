import { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { assertLoginAllowed } from "../../probe/assert-login-allowed.ts";
import { mailBanner } from "../../probe/mail-banner.ts";
import { type MailChannel, openMailChannel } from "../../probe/mail-channel.ts";
import { type MailSchemes, readMailTarget } from "../../probe/mail-target.ts";
import { noteReplyAwaited } from "../../probe/note-reply-awaited.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { takeLeave } from "../../probe/take-leave.ts";
import type { MailSettings } from "../../settings/mail-settings.ts";
import { perform, readReply, showReply } from "./dialogue.ts";
import { downloadFile } from "./download-file.ts";
import { listDirectory } from "./list-directory.ts";
import { logIn, readLogin } from "./log-in.ts";
import { secureSession } from "./secure-session.ts";
import type { Session } from "./session.ts";
import type { FtpSettings } from "./settings.ts";
import { uploadTestFile } from "./upload-test-file.ts";

/** RFC 959 §8 and the ports that IANA has for FTP over TLS. */
const SCHEMES: MailSchemes = { plain: { scheme: "ftp", port: 21 }, implicit: { scheme: "ftps", port: 990 } };

/** FTP: the greeting, TLS, a login, anonymous unless there are credentials, and then what the module asks for. */
export async function probeFtp(target: string, settings: FtpSettings, context: ProbeContext): Promise<void> {
  const { mail } = settings;
  const place = readMailTarget(target, SCHEMES);
  const login = await readLogin(mail.credentials);
  using opened = await openMailChannel(place, mail, context);
  using greeted = await context.during("exchange", () => greet(opened, { settings: mail, context }));
  using session = await secureSession(greeted);
  await context.during("login", () => {
    if (login.kind === "named") assertLoginAllowed(session.channel, mail);
    return logIn(session, login);
  });
  await carryOut(settings, session);
  await takeLeave(session.dialogue, "QUIT", context);
}

/** The server speaks first (RFC 959 §5.4): 220, or it is not ready. */
async function greet(
  channel: MailChannel,
  { settings, context }: { readonly settings: MailSettings; readonly context: ProbeContext },
): Promise<Session> {
  const dialogue = new LineDialogue(channel.socket);
  const session = { channel, dialogue, settings, context, [Symbol.dispose]: () => dialogue[Symbol.dispose]() };
  noteReplyAwaited("the connection", context);
  const greeting = await readReply(session);
  // Later lines may tell the time, or how many are logged in: as a label they would be another with every probe.
  const banner = mailBanner(greeting.lines.map((line) => line.trim()).find((line) => line !== "") ?? "");
  context.measure("probe_ftp_banner_info", 1, { banner });
  context.log("info", "Greeted", { banner });
  if (greeting.code !== READY) {
    const detail = `Expected the greeting 220, found ${showReply(greeting, session)}`;
    throw new ProbeFailure("exchange/malformed", { detail });
  }
  return session;
}

const READY = 220;

async function carryOut(settings: FtpSettings, session: Session): Promise<void> {
  const { list, sizeOf, download, upload } = settings;
  await session.context.during("exchange", () => prepare(settings, session));
  if (list) await listDirectory(session);
  if (sizeOf !== undefined) await session.context.during("exchange", () => measureSize(sizeOf, session));
  if (download !== undefined) await downloadFile(download, session);
  if (upload !== undefined) await uploadTestFile(upload, session);
}

/** Binary files, for sizes too are of those (RFC 3659 §4); data connections as safe as the control connection. */
async function prepare(settings: FtpSettings, session: Session): Promise<void> {
  const { directory, list, sizeOf, download, upload } = settings;
  const transfers = list || download !== undefined || upload !== undefined;
  if (transfers || sizeOf !== undefined) await perform(session, "TYPE I");
  if (transfers && session.channel.encrypted) {
    await perform(session, "PBSZ 0");
    await perform(session, "PROT P");
  }
  if (directory !== undefined) await perform(session, `CWD ${directory}`);
}

async function measureSize(path: string, session: Session): Promise<void> {
  const reply = await perform(session, `SIZE ${path}`);
  const size = /^\s*(\d{1,15})(?!\d)/u.exec(reply.lines.join(" "))?.[1];
  if (size === undefined) {
    const detail = `Expected a number in the reply to SIZE, found ${showReply(reply, session)}`;
    throw new ProbeFailure("exchange/malformed", { detail });
  }
  session.context.measure("probe_ftp_file_size_bytes", Number(size));
}
