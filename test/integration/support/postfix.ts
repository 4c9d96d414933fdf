import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import type { CertificateFiles } from "./self-signed-certificate.ts";
import { startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** What postfix listens on: for other servers, for users, for users with TLS from the first byte, and without TLS. */
export interface PostfixPorts {
  readonly relay: number;
  readonly submission: number;
  readonly implicit: number;
  readonly plain: number;
}

/** Whom the server knows: a mailbox at `mail.test`, and a password with which its owner may send. */
export interface PostfixAccount {
  readonly username: string;
  readonly password: string;
}

/** Starts postfix with a configuration and a queue of its own, and dovecot to judge its users' passwords. */
export async function startPostfix(
  stack: AsyncDisposableStack,
  options: { readonly certificate: CertificateFiles; readonly account: PostfixAccount },
): Promise<PostfixPorts> {
  const directory = await temporaryDirectory(stack);
  // Postfix and dovecot leave root's rights behind, and go on to open their files.
  await chmod(directory, 0o755);
  const authentication = await startAuthentication(stack, directory, options.account);
  const ports = {
    relay: await freePort(),
    submission: await freePort(),
    implicit: await freePort(),
    plain: await freePort(),
  };
  await mkdir(join(directory, "etc"));
  for (const name of ["queue", "data"]) await mkdir(join(directory, name));
  spawnSync("chown", ["postfix", join(directory, "data")]);
  await writeFile(join(directory, "etc", "main.cf"), mainConfiguration(directory, { ...options, authentication }));
  await writeFile(join(directory, "etc", "master.cf"), services(ports));
  const configuration = join(directory, "etc");
  // Makes the directories of the queue.
  const checked = spawnSync("postfix", ["-c", configuration, "check"], { encoding: "utf8" });
  if (checked.status !== 0) throw new Error(`postfix finds its configuration wrong: ${checked.stderr}`);
  await startServer(stack, { command: `${PROGRAMS}/master`, args: ["-c", configuration, "-s"], port: ports.relay });
  return ports;
}

/** Where Debian has postfix's own programs. Its `start-fg` would be a script, which does not pass signals on. */
const PROGRAMS = "/usr/lib/postfix/sbin";

/** The part of dovecot that other servers ask whether a password is right; yields its port. */
async function startAuthentication(
  stack: AsyncDisposableStack,
  directory: string,
  { username, password }: PostfixAccount,
): Promise<number> {
  const port = await freePort();
  const file = join(directory, "dovecot.conf");
  await writeFile(join(directory, "passwords"), `${username}:{PLAIN}${password}\n`, { mode: 0o644 });
  await writeFile(
    file,
    `base_dir = ${directory}/dovecot
log_path = /dev/stderr
protocols =
ssl = no
auth_mechanisms = plain login cram-md5
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = ${directory}/passwords
}
# Or an address whose logins fail waits longer and longer.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${port}
  }
}
`,
  );
  await startServer(stack, { command: "dovecot", args: ["-F", "-c", file], port });
  return port;
}

function mainConfiguration(
  directory: string,
  options: {
    readonly certificate: CertificateFiles;
    readonly account: PostfixAccount;
    readonly authentication: number;
  },
): string {
  const { certificate, account, authentication } = options;
  return `compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
maillog_file = ${directory}/mail.log
maillog_file_prefixes = ${directory}
mail_owner = postfix
setgid_group = postdrop
daemon_directory = ${PROGRAMS}
myhostname = mail.test
mydestination = mail.test
mynetworks =
alias_maps =
local_recipient_maps = inline:{${account.username}=local}
inet_interfaces = loopback-only
message_size_limit = 1234567
smtpd_tls_cert_file = ${certificate.certificate}
smtpd_tls_key_file = ${certificate.key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authentication}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_delay_reject = no
`;
}

/** Nothing is chrooted, and nothing that delivers messages runs. */
function services({ relay, submission, implicit, plain }: PostfixPorts): string {
  return `127.0.0.1:${relay} inet n - n - - smtpd
127.0.0.1:${submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sender_restrictions=permit_sasl_authenticated,reject
127.0.0.1:${implicit} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:${plain} inet n - n - - smtpd
  -o smtpd_tls_security_level=none
  -o smtpd_tls_auth_only=no
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
cleanup unix n - n - 0 cleanup
bounce unix - - n - 0 bounce
`;
}
