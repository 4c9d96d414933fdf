import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { type UserInfo, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import type { CertificateFiles } from "./self-signed-certificate.ts";
import { startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/**
 * The ports of a dovecot; those of `imap` and `pop3` offer TLS and want it before a password, except from the address
 * that they listen on themselves.
 */
export interface Dovecot {
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
}

/** What dovecot serves: accounts with their passwords, and the messages that each of them finds in the inbox. */
export interface MailStore {
  readonly certificate: CertificateFiles;
  readonly passwords: Readonly<Record<string, string>>;
  readonly messages: readonly string[];
}

/** Starts dovecot in the foreground, with everything that it reads and writes below a directory of the test. */
export async function startDovecot(stack: AsyncDisposableStack, store: MailStore): Promise<Dovecot> {
  const directory = await temporaryDirectory(stack);
  // Those who serve have to find their way to what is theirs in it.
  await chmod(directory, 0o711);
  const ports = { imap: await freePort(), imaps: await freePort(), pop3: await freePort(), pop3s: await freePort() };
  const servants = servantsOf(userInfo());
  await writeFile(
    join(directory, "users"),
    Object.entries(store.passwords).map(([name, password]) => `${name}:{PLAIN}${password}\n`),
  );
  for (const name of Object.keys(store.passwords)) await fillInbox(join(directory, "mail", name), { store, servants });
  const file = join(directory, "dovecot.conf");
  await writeFile(file, configuration(directory, { ports, servants, certificate: store.certificate }));
  await startServer(stack, { command: "dovecot", args: ["-F", "-c", file], port: ports.imap });
  return ports;
}

/** Who does what: those who talk to strangers, those who check passwords, and whose the messages are. */
interface Servants {
  readonly login: string;
  readonly internal: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
}

/** Root hands all of that to users without rights, as dovecot insists; anybody else can only do it all alone. */
function servantsOf({ username, uid, gid }: UserInfo<string>): Servants {
  if (uid === 0) return { login: "dovenull", internal: "dovecot", group: "dovecot", ...NOBODY };
  const group = spawnSync("id", ["-gn"], { encoding: "utf8" }).stdout.trim();
  return { login: username, internal: username, group, uid, gid };
}

/** On Debian. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** A Maildir: one file for each message that nobody has seen. */
async function fillInbox(
  home: string,
  { store, servants }: { readonly store: MailStore; readonly servants: Servants },
): Promise<void> {
  const folders = [home, ...["cur", "new", "tmp"].map((part) => join(home, part))];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const files = store.messages.map((_, index) => join(home, "new", `${index}.test`));
  for (const [index, message] of store.messages.entries()) await writeFile(files[index] ?? "", message);
  for (const path of [...folders, ...files]) await chown(path, servants.uid, servants.gid);
}

/** Dovecot serves no user below 500 unless it is told to, and wants to change its root directory where it can. */
function configuration(
  directory: string,
  given: { readonly ports: Dovecot; readonly servants: Servants; readonly certificate: CertificateFiles },
): string {
  const { ports, certificate } = given;
  const { login, internal, group, uid, gid } = given.servants;
  return `
    base_dir = ${directory}/run
    state_dir = ${directory}/state
    log_path = /dev/stderr
    listen = 127.0.0.1
    protocols = imap pop3
    default_internal_user = ${internal}
    default_internal_group = ${group}
    default_login_user = ${login}
    first_valid_uid = ${uid}
    first_valid_gid = ${gid}
    ssl = required
    ssl_cert = <${certificate.certificate}
    ssl_key = <${certificate.key}
    disable_plaintext_auth = yes
    auth_mechanisms = plain
    auth_failure_delay = 0
    auth_username_chars =
    passdb {
      driver = passwd-file
      args = scheme=PLAIN ${directory}/users
    }
    userdb {
      driver = static
      args = uid=${uid} gid=${gid} home=${directory}/mail/%u
    }
    mail_location = maildir:~
    service imap-login {
      chroot =
      inet_listener imap {
        port = ${ports.imap}
      }
      inet_listener imaps {
        port = ${ports.imaps}
        ssl = yes
      }
    }
    service pop3-login {
      chroot =
      inet_listener pop3 {
        port = ${ports.pop3}
      }
      inet_listener pop3s {
        port = ${ports.pop3s}
        ssl = yes
      }
    }
    service anvil {
      chroot =
      # Without it, a login that fails does not slow the next one down.
      unix_listener anvil-auth-penalty {
        mode = 0
      }
    }
  `;
}
